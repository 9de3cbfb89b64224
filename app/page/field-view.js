/**
 * Where the camera's field lies on the screen. The field is a square of fractions, 0 to 1 each way, whatever part of it
 * the camera shows just now; the screen is the pane that shows it, in CSS pixels from its upper left corner.
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, size: number}} Region a part of the field, as the camera's zoom names it
 * @typedef {{x: number, y: number, scale: number}} View the place of the field that is in the middle of the pane, and
 *   how much larger it is shown than the whole field fits into it
 * @typedef {{width: number, height: number, aspect: number}} Pane its size, and the field's width over its height
 */

/** @type {Region} */
export const WHOLE = Object.freeze({ x: 0, y: 0, size: 1 });
/** @type {View} */
export const FITTED = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });
/** Beyond it, a pixel of the sensor is a tile. */
const LARGEST = 40;
/** Magnified by so much more than fitted, any place of the field may be in the middle. */
const FREE = 0.2;

/** The whole field's size on the screen. @param {View} view @param {Pane} pane */
export function fieldSize(view, pane) {
  const width = Math.min(pane.width, pane.height * pane.aspect) * view.scale;
  return { width, height: width / pane.aspect };
}

/** A place of the field, on the screen. @param {View} view @param {Pane} pane @param {Point} place @returns {Point} */
export function toScreen(view, pane, place) {
  const { width, height } = fieldSize(view, pane);
  return { x: pane.width / 2 + (place.x - view.x) * width, y: pane.height / 2 + (place.y - view.y) * height };
}

/** What place of the field is there. @param {View} view @param {Pane} pane @param {Point} at @returns {Point} */
export function toField(view, pane, at) {
  const { width, height } = fieldSize(view, pane);
  return { x: view.x + (at.x - pane.width / 2) / width, y: view.y + (at.y - pane.height / 2) / height };
}

/** A part of the field, on the screen. @param {View} view @param {Pane} pane @param {Region} region */
export function boxOf(view, pane, region) {
  const { width, height } = fieldSize(view, pane);
  return { ...toScreen(view, pane, region), width: region.size * width, height: region.size * height };
}

/** The view in which a part of the field fits the pane. @param {Region} region @returns {View} */
export function fitted({ x, y, size }) {
  return { x: x + size / 2, y: y + size / 2, scale: 1 / size };
}

/** Larger or smaller, the place under `at` staying there. @param {View} view @param {Pane} pane */
export function zoomed(view, pane, /** @type {number} */ factor, /** @type {Point} */ at) {
  return pinned({ ...view, scale: bounded(view.scale * factor, 1, LARGEST) }, pane, toField(view, pane, at), at);
}

/** Moved with a finger. @param {View} view @param {Pane} pane @param {number} dx @param {number} dy */
export function panned(view, pane, dx, dy) {
  const { width, height } = fieldSize(view, pane);
  return kept({ ...view, x: view.x - dx / width, y: view.y - dy / height });
}

/**
 * Pinched: what was under the two fingers before is under them now, as far as that goes without turning it.
 *
 * @param {View} view
 * @param {Pane} pane
 * @param {[Point, Point]} before
 * @param {[Point, Point]} after
 */
export function pinched(view, pane, before, after) {
  // Fingers that meet would magnify without end.
  const factor = Math.max(distance(...after), 1) / Math.max(distance(...before), 1);
  const scale = bounded(view.scale * factor, 1, LARGEST);
  return pinned({ ...view, scale }, pane, toField(view, pane, middle(...before)), middle(...after));
}

/** What is seen of the field. @param {View} view @param {Pane} pane */
export function seen(view, pane) {
  const first = toField(view, pane, { x: 0, y: 0 });
  const last = toField(view, pane, { x: pane.width, y: pane.height });
  return {
    left: bounded(first.x, 0, 1),
    top: bounded(first.y, 0, 1),
    right: bounded(last.x, 0, 1),
    bottom: bounded(last.y, 0, 1),
  };
}

/**
 * The nearest view that can be: the pane's middle shows a place of the field. A stricter rule, that nothing beyond the
 * field be seen, could not hold what is under the finger. The less the field is magnified, the nearer to its middle.
 *
 * @param {View} view
 * @returns {View}
 */
export function kept(view) {
  const reach = 0.5 * bounded((view.scale - 1) / FREE, 0, 1);
  return { ...view, x: bounded(view.x, 0.5 - reach, 0.5 + reach), y: bounded(view.y, 0.5 - reach, 0.5 + reach) };
}

/** With a place of the field where it is wanted on the screen. @param {View} view @param {Pane} pane */
function pinned(view, pane, /** @type {Point} */ place, /** @type {Point} */ at) {
  const { width, height } = fieldSize(view, pane);
  const x = place.x - (at.x - pane.width / 2) / width;
  return kept({ ...view, x, y: place.y - (at.y - pane.height / 2) / height });
}

/** @param {Point} one @param {Point} other */
function distance(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** @param {Point} one @param {Point} other @returns {Point} */
function middle(one, other) {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

/** @param {number} value @param {number} lowest @param {number} highest */
export function bounded(value, lowest, highest) {
  return Math.min(Math.max(value, lowest), highest);
}
