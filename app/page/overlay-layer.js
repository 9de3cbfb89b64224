import { LitElement, html, svg } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { t } from './controls-text.js';
import { FocusHeir, want } from './controls.js';
import { formatLength, formatMark } from './measures.js';
import { Chart } from './overlay-chart.js';
import { overlayLayout } from './overlay-layout.js';

/**
 * @typedef {import('./measures.js').Mark} Mark
 * @typedef {import('./field-view.js').Point} Point
 */

/** How far an arrow key moves a point, in pixels; with the shift key, ten times that. */
const STEP_PX = 1;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What lies over the picture: scale bar, grid, crosshair, and measurements whose points can be moved. */
export class OverlayLayer extends LitElement {
  static properties = {
    chart: { attribute: false },
    pane: { attribute: false },
    overlay: { attribute: false },
    dragged: { state: true },
  };

  static styles = overlayLayout;

  constructor() {
    super();
    /** Where the specimen is on the screen; `null` where lengths are unknown. @type {Chart | null} */
    this.chart = null;
    this.pane = { width: 1, height: 1 };
    /** @type {import('./overlay-state.js').OverlayState | null} */
    this.overlay = null;
    /** The mark that is being moved, as it is now. @type {Mark | null} */
    this.dragged = null;
    /**
     * Where on the screen the move began, with which point, and from where.
     *
     * @type {{at: Point, index: number | null, points: Point[]} | null}
     */
    this.grip = null;
    new FocusHeir(this, () => /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.rest')));
    // Of a mark: it means no place of the specimen.
    this.addEventListener('dblclick', (event) => event.stopPropagation());
  }

  updated() {
    for (const button of this.renderRoot.querySelectorAll('button')) {
      const { x, y } = /** @type {{place: Point} & HTMLElement} */ (/** @type {unknown} */ (button)).place;
      button.style.transform = `translate(${x}px, ${y}px)`;
    }
    const { adding, marks, chosen } = this.overlay ?? {};
    if (adding && this.chart) {
      want(this, { type: 'overlay-put', kind: adding, points: this.chart.newPoints(adding, marks?.length ?? 0) });
      this.focusNew = true;
    } else if (this.focusNew && marks?.at(-1)?.id === chosen) {
      // It can be moved by keys at once.
      this.focusNew = false;
      const first = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('button.chosen'));
      first?.focus({ preventScroll: true });
    }
  }

  render() {
    const { chart, overlay, pane } = this;
    if (!overlay) return null;
    const marks = chart ? overlay.marks.map((mark) => (mark.id === this.dragged?.id ? this.dragged : mark)) : [];
    return html`
      <svg aria-hidden="true">
        ${chart && overlay.grid ? renderGrid(chart) : null}
        ${overlay.crosshair ? renderCrosshair(pane) : null}
        ${chart && overlay.scaleBar ? renderScaleBar(chart) : null}
        ${repeat(marks, ({ id }) => id, (mark) => this.renderMark(mark))}
      </svg>
      <div class="rest" tabindex="-1" role="group" aria-label=${t('measure.list')}></div>
      ${repeat(marks, ({ id }) => id, (mark) => this.renderHandles(mark))}
    `;
  }

  renderMark(/** @type {Mark} */ mark) {
    const points = mark.points.map((place) => /** @type {Chart} */ (this.chart).toScreen(place));
    const name = mark.id === this.overlay?.chosen ? 'chosen' : '';
    const path = points.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
    const { x, y } = labelPlace(points);
    return svg`
      <path class=${name} d=${path}></path>
      ${mark.kind === 'angle' ? svg`<path class=${name} d=${Chart.arc(points)}></path>` : null}
      <path
        class="grip"
        d=${path}
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.press(event, mark, null)}
        @pointermove=${this.move}
        @pointerup=${this.release}
        @pointercancel=${this.cancel}
      ></path>
      <text class=${name} x=${x} y=${y}>${formatMark(mark)}</text>`;
  }

  renderHandles(/** @type {Mark} */ mark) {
    const points = mark.points.map((place) => /** @type {Chart} */ (this.chart).toScreen(place));
    const name = mark.id === this.overlay?.chosen ? 'chosen' : '';
    const label = t(`measure.${mark.kind}`, { number: mark.id });
    const place = labelPlace(points);
    return html`
      ${points.map(
        ({ x, y }, index) =>
          html`<button
            class=${name}
            .place=${{ x, y }}
            aria-label=${t('measure.point', { mark: label, number: index + 1, value: formatMark(mark) })}
            @pointerdown=${(/** @type {PointerEvent} */ event) => this.press(event, mark, index)}
            @pointermove=${this.move}
            @pointerup=${this.release}
            @pointercancel=${this.cancel}
            @keydown=${(/** @type {KeyboardEvent} */ event) => this.key(event, mark, index)}
            @focus=${() => this.choose(mark.id)}
          ></button>`,
      )}
      ${name && !this.dragged
        ? html`<button
            class="delete"
            .place=${{ x: place.x + 60, y: place.y - 5 }}
            aria-label=${t('measure.delete', { mark: label })}
            @click=${() => want(this, { type: 'overlay-delete', id: mark.id })}
            @pointerdown=${(/** @type {PointerEvent} */ event) => event.stopPropagation()}
          ></button>`
        : null}
    `;
  }

  /** A mark that goes while it is held is let go: its handle, which would say so, has gone with it. */
  willUpdate() {
    const id = this.dragged?.id;
    if (this.grip && (!this.chart || !this.overlay?.marks.some((mark) => mark.id === id))) this.cancel();
  }

  choose(/** @type {number} */ id) {
    if (this.overlay?.chosen !== id) want(this, { type: 'overlay-choose', id });
  }

  /**
   * Take hold of a point of a mark, or with `null` of all of it.
   *
   * @param {PointerEvent} event
   * @param {Mark} mark
   * @param {number | null} index
   */
  press(event, mark, index) {
    if (event.button !== 0 || !this.chart || this.grip) return;
    event.stopPropagation();
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    const points = mark.points.map((place) => /** @type {Chart} */ (this.chart).toScreen(place));
    this.grip = { at: { x: event.clientX, y: event.clientY }, index, points };
    this.dragged = mark;
    this.choose(mark.id);
  }

  move(/** @type {PointerEvent} */ event) {
    const { chart, dragged, grip } = this;
    if (!chart || !dragged || !grip) return;
    event.stopPropagation();
    const [dx, dy] = [event.clientX - grip.at.x, event.clientY - grip.at.y];
    const points = dragged.points.map((place, index) => {
      const { x, y } = grip.points[index];
      return grip.index === null || grip.index === index ? chart.toSpecimen({ x: x + dx, y: y + dy }) : place;
    });
    this.dragged = { ...dragged, points };
  }

  release(/** @type {PointerEvent} */ event) {
    if (!this.grip) return;
    event.stopPropagation();
    if (this.dragged) this.put(this.dragged);
    this.cancel();
  }

  cancel() {
    this.grip = null;
    this.dragged = null;
  }

  /** @param {KeyboardEvent} event @param {Mark} mark @param {number} index */
  key(event, mark, index) {
    const arrow = ARROWS[event.key];
    if (arrow && this.chart) {
      const { chart } = this;
      const px = STEP_PX * (event.shiftKey ? 10 : 1);
      const { x, y } = chart.toScreen(mark.points[index]);
      const moved = chart.toSpecimen({ x: x + arrow[0] * px, y: y + arrow[1] * px });
      this.put({ ...mark, points: mark.points.map((place, at) => (at === index ? moved : place)) });
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      want(this, { type: 'overlay-delete', id: mark.id });
    } else {
      return;
    }
    // The arrow keys would move the stage.
    event.preventDefault();
    event.stopPropagation();
  }

  put(/** @type {Mark} */ { id, kind, points }) {
    want(this, { type: 'overlay-put', id, kind, points });
  }
}

function renderGrid(/** @type {Chart} */ chart) {
  const length = formatLength(chart.gridStep_um);
  return svg`
    <path class="thin" d=${chart.gridPath}></path>
    <text class="end" x=${chart.corner.x} y=${chart.corner.y - 30}>${t('measure.grid-step', { length })}</text>`;
}

/** Through the middle, which stays free. */
function renderCrosshair(/** @type {{width: number, height: number}} */ { width, height }) {
  const [x, y, gap] = [width / 2, height / 2, 12];
  return svg`<path
    class="thin"
    d="M0 ${y}H${x - gap}M${x + gap} ${y}H${width}M${x} 0V${y - gap}M${x} ${y + gap}V${height}"
  ></path>`;
}

function renderScaleBar(/** @type {Chart} */ chart) {
  const { um, px } = chart.scaleBar;
  const { x: right, y } = chart.corner;
  return svg`
    <path class="bar" d="M${right - px} ${y - 5}v10M${right - px} ${y}H${right}M${right} ${y - 5}v10"></path>
    <text class="bar" x=${right - px / 2} y=${y - 9}>${formatLength(um)}</text>`;
}

/** A ruler's text stands above its middle, an angle's above its vertex. @param {Point[]} points @returns {Point} */
function labelPlace(points) {
  if (points.length === 3) return { x: points[1].x, y: points[1].y - 34 };
  return { x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2 - 12 };
}

customElements.define('overlay-layer', OverlayLayer);
