/** Which part of its field the camera should show for a view: what is seen, and a little around it. */

import { WHOLE, bounded, seen } from './field-view.js';

/**
 * @typedef {import('./field-view.js').Region} Region
 * @typedef {import('./field-view.js').View} View
 * @typedef {import('./field-view.js').Pane} Pane
 * @typedef {{sensor_width: number, sensor_height: number, stream_width: number, stream_height: number,
 *   zoom: {minimum: number} | null}} Sizes
 */

/** So much more than is seen, on each side: a short way to pan needs no other region. */
const MARGIN = 0.08;
/** A region that is larger than needed by this gives away detail. */
const WASTEFUL = 1.5;
/** From here on, the whole field has nearly the same detail. */
const NEARLY_WHOLE = 0.8;
/** Regions as like as this are the same: cameras round them to their pixels. */
const LIKE = 0.02;

/** The smallest region that brings detail: beyond, the camera has no pixels left. @param {Sizes} info */
export function smallestRegion(info) {
  const detail = Math.max(info.stream_width / info.sensor_width, info.stream_height / info.sensor_height);
  return bounded(detail, info.zoom?.minimum ?? 1, 1);
}

/** @param {View} view @param {Pane} pane @param {number} smallest @returns {Region} */
export function regionFor(view, pane, smallest) {
  const { left, top, right, bottom } = seen(view, pane);
  const wanted = Math.max(right - left, bottom - top) * (1 + 2 * MARGIN);
  if (wanted >= NEARLY_WHOLE) return WHOLE;
  const size = round(Math.max(wanted, smallest));
  return {
    x: round(bounded((left + right - size) / 2, 0, 1 - size)),
    y: round(bounded((top + bottom - size) / 2, 0, 1 - size)),
    size,
  };
}

/** Whether the camera may go on showing a region. @param {Region} region @param {View} view @param {Pane} pane */
export function suits(region, view, pane, /** @type {number} */ smallest) {
  const { left, top, right, bottom } = seen(view, pane);
  const covers =
    region.x <= left && region.y <= top && region.x + region.size >= right && region.y + region.size >= bottom;
  return covers && region.size <= WASTEFUL * regionFor(view, pane, smallest).size;
}

/** Whether two regions are the same but for rounding. @param {Region} one @param {Region} other */
export function alike(one, other) {
  const most = LIKE * one.size;
  return [one.x - other.x, one.y - other.y, one.size - other.size].every((difference) => Math.abs(difference) <= most);
}

/** Whether one region lies within another. @param {Region} inner @param {Region} outer */
export function isWithin(inner, outer) {
  const slack = LIKE * outer.size;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.size <= outer.x + outer.size + slack &&
    inner.y + inner.size <= outer.y + outer.size + slack
  );
}

/** Downwards, so that no region ends beyond the field. */
function round(/** @type {number} */ fraction) {
  return Math.floor(fraction * 1e4) / 1e4;
}
