/**
 * What fingers, pens, mice and wheels mean over a picture. Points are in CSS pixels from the element's upper left
 * corner.
 *
 * @typedef {import('./field-view.js').Point} Point
 * @typedef {{
 *   pan: (dx: number, dy: number) => void,
 *   pinch: (before: [Point, Point], after: [Point, Point]) => void,
 *   zoom: (factor: number, at: Point) => void,
 *   doubleTap: () => void,
 *   pick: (at: Point) => void,
 * }} Meanings `pick` is a double click, or a finger that rests
 */

/** A finger that rests so long means the point under it. */
export const HOLD_MS = 500;
/** The second tap has to come within that. */
const DOUBLE_MS = 350;
/** A finger that moved less has not moved. */
const SLACK_PX = 10;
/** Between two taps there may be that much. */
const NEAR_PX = 40;
const WHEEL_RATE = 0.0015;
/** Touchpads tell a pinch as a wheel with this key, in smaller steps. */
const PINCH_RATE = 0.01;
/** A line and a page of a wheel, in pixels. */
const WHEEL_UNITS = [1, 16, 400];

export class Gestures {
  /** The fingers that are down. @type {Map<number, Point>} */
  #down = new Map();
  /** Where the one finger came down; `null` once it is no tap any more. @type {Point | null} */
  #tap = null;
  /** @type {{at: Point, ms: number} | null} */
  #lastTap = null;
  #holdTimer = 0;
  #lastType = '';
  #element;
  #meanings;

  /** @param {HTMLElement} element @param {Meanings} meanings */
  constructor(element, meanings) {
    this.#element = element;
    this.#meanings = meanings;
    element.addEventListener('pointerdown', (event) => this.#press(event));
    element.addEventListener('pointermove', (event) => this.#move(event));
    element.addEventListener('pointerup', (event) => this.#release(event, true));
    element.addEventListener('pointercancel', (event) => this.#release(event, false));
    element.addEventListener('dblclick', (event) => this.#doubleClick(event));
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    // A long touch opens no menu.
    element.addEventListener('contextmenu', (event) => {
      if (this.#down.size) event.preventDefault();
    });
  }

  /** @param {MouseEvent} event @returns {Point} */
  #point(event) {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #press(/** @type {PointerEvent} */ event) {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const at = this.#point(event);
    this.#lastType = event.pointerType;
    this.#element.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, at);
    clearTimeout(this.#holdTimer);
    if (this.#down.size > 1) {
      this.#tap = null;
      return;
    }
    this.#tap = at;
    if (event.pointerType !== 'mouse') this.#holdTimer = setTimeout(() => this.#hold(at), HOLD_MS);
  }

  #move(/** @type {PointerEvent} */ event) {
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    const after = this.#point(event);
    if (this.#tap && distance(this.#tap, after) < SLACK_PX) return;
    clearTimeout(this.#holdTimer);
    this.#tap = null;
    this.#down.set(event.pointerId, after);
    const others = [...this.#down].filter(([id]) => id !== event.pointerId);
    if (!others.length) this.#meanings.pan(after.x - before.x, after.y - before.y);
    else this.#meanings.pinch([before, others[0][1]], [after, others[0][1]]);
  }

  #release(/** @type {PointerEvent} */ event, /** @type {boolean} */ meant) {
    if (!this.#down.delete(event.pointerId)) return;
    clearTimeout(this.#holdTimer);
    const at = this.#tap;
    this.#tap = null;
    if (!at || !meant || event.pointerType === 'mouse') return;
    const last = this.#lastTap;
    const doubled = last && event.timeStamp - last.ms < DOUBLE_MS && distance(last.at, at) < NEAR_PX;
    this.#lastTap = doubled ? null : { at, ms: event.timeStamp };
    if (doubled) this.#meanings.doubleTap();
  }

  #hold(/** @type {Point} */ at) {
    this.#tap = null;
    this.#meanings.pick(at);
  }

  /** Browsers make one of two taps too, which has meant something else already. @param {MouseEvent} event */
  #doubleClick(event) {
    if (this.#lastType === 'mouse') this.#meanings.pick(this.#point(event));
  }

  #wheel(/** @type {WheelEvent} */ event) {
    event.preventDefault();
    const px = event.deltaY * WHEEL_UNITS[event.deltaMode];
    this.#meanings.zoom(Math.exp(-px * (event.ctrlKey ? PINCH_RATE : WHEEL_RATE)), this.#point(event));
  }
}

/** @param {Point} one @param {Point} other */
function distance(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
