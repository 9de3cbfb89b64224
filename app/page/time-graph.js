import { LitElement, css, html } from 'lit';
import uPlot from 'uplot';

import { t } from './dashboard-text.js';
import { formatAgo } from './graphs.js';
import { UNKNOWN } from './units.js';

const STYLES = new URL('./vendor/uplot-1.6.32/uPlot.min.css', import.meta.url).href;
const HEIGHT_PX = 132;
const AXIS_PX = 58;
/** Parts of the span that the axis names. */
const PARTS = 4;

/** One graph of the last minutes, its newest figures above it (those under the pointer while there is one). */
export class TimeGraph extends LitElement {
  static properties = {
    graph: { attribute: false },
    columns: { attribute: false },
    spanS: { type: Number },
    pointed: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    figure {
      margin: 0;
      padding: var(--space-2) var(--space-3) var(--space-1);
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--panel);
    }
    figcaption {
      display: flex;
      align-items: baseline;
      gap: var(--space-3);
      height: 24px;
      overflow: hidden;
      white-space: nowrap;
    }
    @media (max-width: 479px) {
      figcaption {
        flex-wrap: wrap;
        gap: 0 var(--space-3);
        height: auto;
      }
      figcaption:has(.line + .line) h3 {
        flex-basis: 100%;
      }
    }
    h3 {
      flex: 1;
      margin: 0;
      overflow: hidden;
      color: var(--text-dim);
      font-size: 13px;
      font-weight: 600;
      text-overflow: ellipsis;
    }
    .line:not(:only-of-type)::before {
      display: inline-block;
      width: 10px;
      height: 3px;
      margin-right: 5px;
      border-radius: 2px;
      background: var(--graph);
      vertical-align: middle;
      content: '';
    }
    .line + .line:not(:only-of-type)::before {
      background: var(--graph-second);
    }
    .line {
      color: var(--text-dim);
      font-size: 12px;
    }
    b {
      color: var(--text);
      font: 14px/1.4 var(--figures);
    }
    .plot {
      position: relative;
      height: ${HEIGHT_PX}px;
      overflow: hidden;
    }
    .nothing {
      position: absolute;
      inset: 0;
      display: grid;
      place-items: center;
      margin: 0;
      color: var(--text-dim);
      font-size: 13px;
    }
  `;

  constructor() {
    super();
    /** @type {import('./graphs.js').Graph | undefined} */
    this.graph = undefined;
    /** @type {ReturnType<typeof import('./figures.js').columns>} */
    this.columns = [[]];
    this.spanS = 60;
    /** The sample under the pointer. @type {number | null} */
    this.pointed = null;
    /** @type {uPlot | undefined} */
    this.plot = undefined;
    this.observer = new ResizeObserver(([{ contentRect }]) => this.plot?.setSize(size(contentRect.width)));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('columns') || changed.has('spanS')) this.plot?.setData(this.columns);
  }

  /** Once the library's styles are there: it measures what it draws. */
  draw() {
    const frame = /** @type {HTMLElement} */ (this.renderRoot.querySelector('.canvas'));
    this.plot ??= new uPlot(this.options(frame.clientWidth), this.columns, frame);
    this.observer.observe(frame);
  }

  /** @param {number} width @returns {uPlot.Options} */
  options(width) {
    const style = getComputedStyle(this);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const { lines, atLeast, tick } = /** @type {import('./graphs.js').Graph} */ (this.graph);
    const axis = {
      stroke: colour('--text-dim'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const colours = [colour('--graph'), colour('--graph-second')];
    return {
      ...size(width),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'dashboard' }, points: { size: 6 } },
      scales: {
        x: { time: false, range: () => [-this.spanS, 0] },
        y: { range: (_plot, _least, most) => [0, Math.max(atLeast, 1.1 * (most ?? 0))] },
      },
      axes: [
        { ...axis, size: 26, gap: 8, splits: () => this.splits(), values: (_plot, splits) => splits.map(formatAgo) },
        { ...axis, size: AXIS_PX, gap: 6, space: 26, values: (_plot, splits) => splits.map(tick) },
      ],
      series: [
        {},
        ...lines.map(({ label }, n) => ({ label, stroke: colours[n], width: 1.5, points: { show: false } })),
      ],
      hooks: { setCursor: [({ cursor }) => (this.pointed = cursor.idx ?? null)] },
    };
  }

  splits() {
    return Array.from({ length: PARTS + 1 }, (_, part) => Math.round(-this.spanS + (part * this.spanS) / PARTS));
  }

  render() {
    if (!this.graph) return null;
    const { title, lines, format } = this.graph;
    const [times, ...values] = this.columns;
    const index = Math.min(this.pointed ?? times.length, times.length - 1);
    const figure = (/** @type {number | null | undefined} */ value) => (value == null ? UNKNOWN : format(value));
    const known = values.map((column) => column.filter((value) => value !== null));
    const spoken = lines.map(
      ({ label }, n) =>
        `${label}: ${figure(values[n].at(-1))}, ` +
        t('graph.range', { least: figure(least(known[n])), most: figure(most(known[n])) }),
    );
    return html`
      <link rel="stylesheet" href=${STYLES} @load=${this.draw} />
      <figure>
        <figcaption>
          <h3>${title}</h3>
          ${lines.map(
            ({ label }, n) =>
              html`<span class="line">${lines.length > 1 ? label : null} <b>${figure(values[n][index])}</b></span>`,
          )}
        </figcaption>
        <div class="plot" role="img" aria-label="${title}, ${span(this.spanS)}: ${spoken.join('; ')}">
          <div class="canvas"></div>
          ${known.every((column) => column.length === 0) ? html`<p class="nothing">${t('graph.nothing')}</p>` : null}
        </div>
      </figure>
    `;
  }
}

/** @param {number} width */
const size = (width) => ({ width, height: HEIGHT_PX });
/** @param {number[]} values */
const least = (values) => (values.length ? Math.min(...values) : null);
/** @param {number[]} values */
const most = (values) => (values.length ? Math.max(...values) : null);
/** @param {number} spanS */
const span = (spanS) => 
  spanS < 120 ? t('graph.last-seconds', { count: spanS }) : t('graph.last-minutes', { count: spanS / 60 });

customElements.define('time-graph', TimeGraph);
