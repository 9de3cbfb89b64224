import { LitElement, html } from 'lit';

import { want } from './controls.js';
import { Decoder } from './decoder.js';
import { WHOLE, boxOf, toField } from './field-view.js';
import { Gestures } from './gestures.js';
import { liveLayout } from './live-layout.js';
import { Chart } from './overlay-chart.js';
import { Painter } from './painter.js';
import { PictureLayers } from './picture-layers.js';
import { Specimen } from './specimen.js';
import { INITIAL } from './store.js';
import { t } from './text.js';
import { fixed } from './units.js';
import { ViewKeeper } from './view-keeper.js';
import { zoomableCamera } from './view-state.js';

const FIGURES_EVERY_MS = 500;
const STALLED_AFTER_S = 3;
/** What a key or a button magnifies by. */
const ZOOM_STEP = 1.5;

/**
 * The live picture, which is zoomed and panned, with what lies over it, and with its rate, size and age.
 *
 * `offer` takes a frame; a `frame-done` event (detail: a `Done` of the painter) says that it is painted or given up.
 */
export class LiveView extends LitElement {
  static properties = {
    state: { attribute: false },
    problem: { type: String },
    clock: { attribute: false },
    figures: { state: true },
    stalled: { state: true },
    zoom: { state: true },
    chart: { state: true },
  };

  static styles = liveLayout;

  constructor() {
    super();
    this.state = INITIAL;
    /** Why there is no picture, where that is known. */
    this.problem = '';
    /** The server's clock, for the picture's age. @type {import('./server-clock.js').ServerClock | undefined} */
    this.clock = undefined;
    /** What is told of the pictures, the most wanted first. @type {string[]} */
    this.figures = [];
    this.stalled = true;
    /** How the view is, for the buttons: told once a second half, not at each move of a finger. */
    this.zoom = { scale: 1, fits: true, part: false };
    /** @type {Chart | null} */
    this.chart = null;
    this.offeredAt = -Infinity;
    this.timer = 0;
    this.keeper = new ViewKeeper(
      () => this.place(),
      (region) => want(this, { type: 'camera-zoom', zoom: region }),
    );
    this.resizes = new ResizeObserver(([{ contentRect }]) => this.keeper.resize(contentRect.width, contentRect.height));
    /** @param {KeyboardEvent} event */
    this.keyed = (event) => this.key(event);
    /** @type {Decoder | undefined} */
    this.decoder = undefined;
    /** @type {Painter | undefined} */
    this.painter = undefined;
    /** @type {PictureLayers | undefined} */
    this.layers = undefined;
    /** @type {Specimen | null} */
    this.specimen = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.refresh(), FIGURES_EVERY_MS);
    this.resizes.observe(this);
    window.addEventListener('keydown', this.keyed);
    const decoder = new Decoder();
    this.decoder = decoder;
    this.painter = new Painter(
      (jpeg) => decoder.decode(jpeg),
      (metadata, bitmap) => this.show(metadata, bitmap),
      (done) => this.dispatchEvent(new CustomEvent('frame-done', { detail: done })),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.resizes.disconnect();
    window.removeEventListener('keydown', this.keyed);
    this.keeper.close();
    this.painter?.clear();
    this.decoder?.close();
  }

  firstUpdated() {
    const [one, other] = this.renderRoot.querySelectorAll('canvas');
    this.layers = new PictureLayers(one, other);
    const { keeper } = this;
    new Gestures(/** @type {HTMLElement} */ (this.renderRoot.querySelector('.surface')), {
      pan: (dx, dy) => keeper.pan(dx, dy),
      pinch: (before, after) => keeper.pinch(before, after),
      zoom: (factor, at) => keeper.zoom(factor, at),
      doubleTap: () => keeper.fit(),
      pick: (at) => this.centre(at),
    });
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('state')) return;
    this.keeper.camera = zoomableCamera(this.state);
    const before = /** @type {import('./store.js').State | undefined} */ (changed.get('state'));
    if (before?.optics === this.state.optics && before?.camera?.info === this.state.camera?.info) return;
    this.specimen = this.specimenIn(this.painter?.shown);
    this.place();
  }

  /** Take a frame. @param {import('./painter.js').Metadata} metadata @param {ArrayBuffer} jpeg */
  offer(metadata, jpeg) {
    this.offeredAt = performance.now();
    if (this.stalled) this.stalled = false;
    this.painter?.offer(metadata, jpeg);
  }

  /** Give up the frames that are not painted yet. */
  clear() {
    this.painter?.clear();
  }

  /**
   * Put a picture on the screen, at its place.
   *
   * @param {import('./painter.js').Metadata} metadata
   * @param {ImageBitmap} bitmap
   */
  show(metadata, bitmap) {
    const before = this.painter?.shown;
    this.keeper.shows(metadata);
    this.layers?.show(metadata, bitmap);
    if (!this.specimen || !before || isElsewhere(before, metadata)) this.specimen = this.specimenIn(metadata);
    this.place();
  }

  /** Put pictures and overlay where the view has them. */
  place() {
    const { keeper, layers, specimen } = this;
    layers?.place(keeper.view, keeper.pane, (metadata) => this.specimenIn(metadata));
    const { chart, clipping } = this;
    if (clipping) clipping.field = boxOf(keeper.view, keeper.pane, WHOLE);
    if (!specimen) this.chart = null;
    else if (chart?.view !== keeper.view || chart.pane !== keeper.pane || chart.specimen !== specimen) {
      this.chart = new Chart(keeper.view, keeper.pane, specimen);
    }
  }

  /** The marks of what is clipped, where they are wanted. */
  get clipping() {
    return /** @type {import('./clipping-overlay.js').ClippingOverlay | null} */ (
      this.renderRoot.querySelector('clipping-overlay')
    );
  }

  /** @param {import('./painter.js').Metadata | null | undefined} metadata */
  specimenIn(metadata) {
    return metadata ? Specimen.in(this.state, metadata) : null;
  }

  /** Have the stage bring a point of the pane to its middle. @param {import('./field-view.js').Point} at */
  centre(at) {
    const { keeper, painter, specimen } = this;
    if (!painter?.shown) return;
    const { x, y } = toField(keeper.view, keeper.pane, at);
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    if (!specimen) return want(this, { type: 'stage-centre', target: null });
    const stage = painter.shown.position ?? { x_um: 0, y_um: 0 };
    const [there, here] = [specimen.at({ x, y }), specimen.at(keeper.view)];
    const target = { x_um: stage.x_um + there.x_um - here.x_um, y_um: stage.y_um + there.y_um - here.y_um };
    want(this, { type: 'stage-centre', target });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const [target] = event.composedPath();
    const typing = target instanceof HTMLElement && target.matches('input, select, textarea');
    const meant = !typing && !event.ctrlKey && !event.altKey && !event.metaKey && !event.defaultPrevented;
    if (!meant || !this.getClientRects().length) return;
    if (event.key === '+' || event.key === '=') this.keeper.zoom(ZOOM_STEP);
    else if (event.key === '-') this.keeper.zoom(1 / ZOOM_STEP);
    else if (event.key === '0') this.keeper.fit();
    else return;
    event.preventDefault();
    this.refresh();
  }

  refresh() {
    const { keeper, painter } = this;
    const zoom = { scale: keeper.view.scale, fits: keeper.fits, part: keeper.region.size < 1 };
    if (Object.entries(zoom).some(([name, value]) => this.zoom[/** @type {keyof typeof zoom} */ (name)] !== value)) {
      this.zoom = zoom;
    }
    if (!painter?.shown) return;
    const { width, height, dropped, captured_at } = painter.shown;
    const painted_at = this.clock?.at(painter.paintedMs);
    // The estimate of the server's clock may be a few milliseconds ahead, and no picture is painted before it is taken.
    const age = painted_at ? `${Math.max(0, Math.round((painted_at - captured_at) * 1000))} ms` : '–';
    const lost = dropped + painter.superseded;
    this.figures = [
      t('view.rate', { fps: fixed(painter.fps, 1).padStart(4) }),
      `${width} × ${height}`,
      t('view.age', { age: age.padStart(6) }),
      t('view.dropped', { count: lost }),
      ...(painter.corrupt ? [t('view.corrupt', { count: painter.corrupt })] : []),
    ];
    this.stalled = performance.now() - this.offeredAt > 1000 * STALLED_AFTER_S;
  }

  render() {
    const hint = this.problem || (this.stalled ? t('view.waiting') : '');
    return html`
      <div class="surface">
        <div class="pictures" role="img" aria-label=${t('view.picture')}>
          <canvas width="1280" height="720"></canvas>
          <canvas width="1280" height="720"></canvas>
        </div>
        ${this.state.local.camera.clipping ? html`<clipping-overlay></clipping-overlay>` : null}
        <overlay-layer
          .chart=${this.chart}
          .pane=${this.keeper.pane}
          .overlay=${this.state.local.overlay}
        ></overlay-layer>
      </div>
      ${hint ? html`<div class="hint">${hint}</div>` : null}
      ${this.renderZoom()}
      <div class="figures" aria-hidden="true">${this.figures.map((figure) => html`<span>${figure}</span>`)}</div>
    `;
  }

  renderZoom() {
    const { keeper, zoom } = this;
    const step = (/** @type {number} */ factor) => {
      keeper.zoom(factor);
      this.refresh();
    };
    const fit = () => {
      keeper.fit();
      this.refresh();
    };
    return html`
      <div class="zoom" role="group" aria-label=${t('view.zoom')}>
        <button aria-label=${t('view.larger')} title=${t('view.larger')} @click=${() => step(ZOOM_STEP)}>+</button>
        <button aria-label=${t('view.smaller')} title=${t('view.smaller')} @click=${() => step(1 / ZOOM_STEP)}>
          −
        </button>
        <button aria-label=${t('view.fit')} title=${t('view.fit')} @click=${fit}>⤢</button>
        <output aria-label=${t('view.scale')}>${fixed(zoom.scale, zoom.scale < 9.95 ? 1 : 0)}×</output>
      </div>
      ${zoom.part
        ? html`<div class="part" role="status">
            ${t('view.part')}
            ${keeper.camera ? html`<button @click=${fit}>${t('view.whole')}</button>` : null}
          </div>`
        : null}
    `;
  }
}

/**
 * Whether two pictures show the specimen at different places, or at different scales.
 *
 * @param {import('./painter.js').Metadata} one
 * @param {import('./painter.js').Metadata} other
 */
function isElsewhere(one, other) {
  return (
    one.position?.x_um !== other.position?.x_um ||
    one.position?.y_um !== other.position?.y_um ||
    one.width !== other.width ||
    one.zoom?.size !== other.zoom?.size
  );
}

customElements.define('live-view', LiveView);
