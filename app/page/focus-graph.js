import { LitElement, css, html, svg } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { FocusTrace, SPAN_MS } from './focus-trace.js';
import { WhileSeen } from './seen.js';
import { UNKNOWN, formatPercent } from './units.js';

const WIDTH = 200;
const HEIGHT = 60;
const DRAWN_EVERY_MS = 66;
/** The best is drawn so far below the top. */
const ROOM = 1.08;

/** @type {Record<import('./focus-trace.js').Trend, import('./text.js').Key<'controls'>>} */
const HINTS = {
  still: 'focus.hint',
  sharper: 'focus.sharper',
  blurrier: 'focus.blurrier',
  sharpest: 'focus.sharpest',
};

/**
 * How sharp the picture is and was, beside the sharpest that it has been here: turn the focus, and it says which way to
 * go on, when one is past it, and how to go back.
 */
export class FocusGraph extends LitElement {
  static properties = { movable: { type: Boolean }, drawnMs: { state: true } };

  static styles = [
    controls,
    css`
      svg {
        display: block;
        width: 100%;
        height: 72px;
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--ground);
      }
      polyline {
        fill: none;
        stroke: var(--graph);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
      line {
        stroke: var(--graph-second);
        stroke-width: 1.5;
        stroke-dasharray: 5 3;
        vector-effect: non-scaling-stroke;
      }
      .told {
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--touch);
        font-size: 13px;
      }
      .part {
        /* As wide as 100 %: what stands beside it does not jump. */
        min-width: 5ch;
        font: 15px/1 var(--figures);
        text-align: right;
        white-space: nowrap;
      }
      p {
        margin: 0;
        color: var(--text-dim);
      }
      .sharpest {
        color: var(--well);
      }
      .blurrier {
        color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    /** Whether there is a focus that can be turned from here. */
    this.movable = false;
    this.drawnMs = -Infinity;
    this.trace = new FocusTrace();
    new WhileSeen(this, (signal) =>
      want(this, { type: 'frame-watch', watcher: (metadata) => this.take(metadata), signal }),
    );
  }

  /** @param {any} metadata */
  take(metadata) {
    const now = performance.now();
    this.trace.add(metadata, now);
    if (now - this.drawnMs >= DRAWN_EVERY_MS) this.drawnMs = now;
  }

  render() {
    const { trace } = this;
    const { best, part, trend } = trace;
    const z_um = best?.z_um ?? null;
    const away = z_um !== null && trace.now?.z_um !== z_um;
    return html`
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${this.drawing()}</svg>
      <div class="told">
        <span
          class="part"
          role="meter"
          aria-label=${t('focus.part')}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow=${Math.round(100 * (part ?? 0))}
          >${part === null ? UNKNOWN : formatPercent(part)}</span
        >
        <p class=${trend} role="status">${t(HINTS[trend])}</p>
        ${this.movable
          ? html`<button
              title=${t('focus.back-hint')}
              ?disabled=${!away}
              @click=${() => z_um !== null && want(this, { type: 'stage-go', place: { z_um } })}
            >
              ${t('focus.back')}
            </button>`
          : html`<button title=${t('focus.anew-hint')} @click=${() => this.trace.forget()}>${t('focus.anew')}</button>`}
      </div>
    `;
  }

  drawing() {
    const { samples, best } = this.trace;
    const newestMs = samples.at(-1)?.atMs ?? 0;
    const top = ROOM * Math.max(best?.score ?? 0, ...samples.map(({ score }) => score), 0.01);
    const y = (/** @type {number} */ score) => (HEIGHT * (1 - score / top)).toFixed(1);
    const x = (/** @type {number} */ atMs) => (WIDTH * (1 - (newestMs - atMs) / SPAN_MS)).toFixed(1);
    const points = samples.map(({ atMs, score }) => `${x(atMs)},${y(score)}`).join(' ');
    return svg`
      <polyline points=${points} />
      ${best ? svg`<line x1="0" x2=${WIDTH} y1=${y(best.score)} y2=${y(best.score)} />` : null}
    `;
  }
}

customElements.define('focus-graph', FocusGraph);
