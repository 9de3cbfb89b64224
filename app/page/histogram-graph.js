import { LitElement, css, html, svg } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { WhileSeen } from './seen.js';
import { BINS } from './tones.js';
import { formatPart } from './units.js';

const HEIGHT = 40;
/** So little clipping is a speck of dust, or a lamp's reflection. */
const MUCH = 0.001;

/** How the picture's brightness is spread, and how much of it is clipped. */
export class HistogramGraph extends LitElement {
  static properties = { tones: { state: true } };

  static styles = [
    controls,
    css`
      svg {
        display: block;
        width: 100%;
        height: 56px;
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--ground);
      }
      path {
        fill: var(--graph);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        color: var(--text-dim);
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      .much {
        color: var(--fault);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./tone-meter.js').MeasuredTones | null} */
    this.tones = null;
    new WhileSeen(this, (signal) =>
      want(this, { type: 'tones-watch', watcher: (tones) => (this.tones = tones), signal }),
    );
  }

  render() {
    const { bins = [], black = 0, blown = 0 } = this.tones ?? {};
    const [dark, bright] = [
      t('camera.black', { part: formatPart(black) }),
      t('camera.blown', { part: formatPart(blown) }),
    ];
    return html`
      <svg
        viewBox="0 0 ${BINS} ${HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-label="${t('camera.histogram')}: ${dark}, ${bright}"
      >
        ${svg`<path d=${outline(bins)} />`}
      </svg>
      <div class="ends" aria-hidden="true">
        <span class=${black > MUCH ? 'much' : ''}>${dark}</span><span class=${blown > MUCH ? 'much' : ''}>${bright}</span>
      </div>
    `;
  }
}

/** The histogram's columns; by their roots, so that what is rare shows beside a blank field. @param {number[]} bins */
function outline(bins) {
  const most = Math.sqrt(Math.max(...bins, 1 / BINS));
  const columns = bins.map((bin, n) => `V${(HEIGHT * (1 - Math.sqrt(bin) / most)).toFixed(1)}H${n + 1}`);
  return `M0 ${HEIGHT}${columns.join('')}V${HEIGHT}Z`;
}

customElements.define('histogram-graph', HistogramGraph);
