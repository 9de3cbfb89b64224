import { LitElement, css, html } from 'lit';

import { Painter } from './painter.js';
import { t } from './text.js';

const FIGURES_EVERY_MS = 500;
const STALLED_AFTER_S = 3;

/**
 * The live picture, with its rate, size and age.
 *
 * `offer` takes a frame; a `frame-done` event (detail: a `Done` of the painter) says that it is painted or given up.
 */
export class LiveView extends LitElement {
  static properties = {
    problem: { type: String },
    clock: { attribute: false },
    figures: { state: true },
    stalled: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
      background: var(--view);
    }
    canvas {
      position: absolute;
      width: 100%;
      height: 100%;
      object-fit: contain;
    }
    .figures {
      position: absolute;
      left: var(--space-2);
      bottom: var(--space-2);
      padding: 2px var(--space-2);
      border-radius: 4px;
      background: var(--scrim);
      color: var(--text-dim);
      font: 12px/1.5 var(--figures);
      white-space: pre;
      pointer-events: none;
    }
    .hint {
      position: absolute;
      inset: 0;
      display: grid;
      place-items: center;
      padding: var(--space-4);
      background: var(--scrim);
      color: var(--text-dim);
      font-size: 16px;
      text-align: center;
    }
  `;

  constructor() {
    super();
    /** Why there is no picture, where that is known. */
    this.problem = '';
    /** The server's clock, for the picture's age. @type {import('./server-clock.js').ServerClock | undefined} */
    this.clock = undefined;
    this.figures = '';
    this.stalled = true;
    /** @type {Painter | undefined} */
    this.painter = undefined;
    this.offeredAt = -Infinity;
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.refresh(), FIGURES_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.painter?.clear();
  }

  firstUpdated() {
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector('canvas'));
    this.painter = new Painter(canvas, (done) => this.dispatchEvent(new CustomEvent('frame-done', { detail: done })));
  }

  /** Take a frame. @param {import('./painter.js').Metadata} metadata @param {ArrayBuffer} jpeg */
  offer(metadata, jpeg) {
    this.offeredAt = performance.now();
    this.stalled = false;
    this.painter?.offer(metadata, jpeg);
  }

  /** Give up the frames that are not painted yet. */
  clear() {
    this.painter?.clear();
  }

  refresh() {
    const painter = this.painter;
    if (!painter?.shown) return;
    const { width, height, dropped, captured_at } = painter.shown;
    const painted_at = this.clock?.at(painter.paintedMs);
    // The estimate of the server's clock may be a few milliseconds ahead, and no picture is painted before it is taken.
    const age = painted_at ? `${Math.max(0, Math.round((painted_at - captured_at) * 1000))} ms` : '–';
    const lost = dropped + painter.superseded;
    this.figures = [
      t('view.rate', { fps: painter.fps.toFixed(1).padStart(4) }),
      `${width} × ${height}`,
      t('view.age', { age: age.padStart(6) }),
      t('view.dropped', { count: lost }),
      ...(painter.corrupt ? [t('view.corrupt', { count: painter.corrupt })] : []),
    ].join('   ');
    this.stalled = performance.now() - this.offeredAt > 1000 * STALLED_AFTER_S;
  }

  render() {
    const hint = this.problem || (this.stalled ? t('view.waiting') : '');
    return html`
      <canvas width="1280" height="720" role="img" aria-label=${t('view.picture')}></canvas>
      ${hint ? html`<div class="hint">${hint}</div>` : null}
      <div class="figures" aria-hidden="true">${this.figures}</div>
    `;
  }
}

customElements.define('live-view', LiveView);
