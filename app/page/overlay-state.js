/** What is drawn over the picture: scale bar, grid, crosshair and measurements. */

import { POINTS } from './measures.js';
import { objectiveInPlace } from './optics-state.js';
import { keep, read } from './preferences.js';

/**
 * @typedef {import('./measures.js').Mark} Mark
 * @typedef {import('./measures.js').Kind} Kind
 * @typedef {'scaleBar' | 'grid' | 'crosshair'} Part
 * @typedef {{scaleBar: boolean, grid: boolean, crosshair: boolean, withStill: boolean, marks: Mark[],
 *   chosen: number | null, adding: Kind | null}} OverlayState `adding` is a mark that is wanted and has no place yet
 */

/** As many as the server draws into a still. */
export const MOST_MARKS = 100;

/** @type {OverlayState} */
export const INITIAL = Object.freeze({
  scaleBar: true,
  grid: false,
  crosshair: false,
  withStill: false,
  marks: [],
  ...remembered(),
  chosen: null,
  adding: null,
});

/** Have this tab find what is drawn again when it is loaded anew. @param {OverlayState} overlay */
export function remember({ scaleBar, grid, crosshair, withStill, marks }) {
  keep('overlay', JSON.stringify({ scaleBar, grid, crosshair, withStill, marks }), 'sessionStorage');
}

/** What was kept, and is of the form of this version: whatever else stands there is left out. @returns {Partial<OverlayState>} */
function remembered() {
  let kept;
  try {
    kept = JSON.parse(read('overlay', 'sessionStorage') ?? '{}') ?? {};
  } catch {
    return {}; // cut off, or not the page's
  }
  const parts = ['scaleBar', 'grid', 'crosshair', 'withStill'].filter((part) => typeof kept[part] === 'boolean');
  const marks = Array.isArray(kept.marks) ? kept.marks.filter(isMark).slice(0, MOST_MARKS) : [];
  return { ...Object.fromEntries(parts.map((part) => [part, kept[part]])), marks };
}

/** @param {any} mark @returns {mark is Mark} */
function isMark(mark) {
  return (
    Number.isInteger(mark?.id) &&
    Array.isArray(mark.points) &&
    mark.points.length === POINTS[/** @type {Kind} */ (mark.kind)] &&
    mark.points.every((/** @type {any} */ place) => Number.isFinite(place?.x_um) && Number.isFinite(place?.y_um))
  );
}

/**
 * What the user does with it. `overlay-put` gives a mark its place: one that is there by its `id`, or a new one.
 *
 * @typedef {{type: 'overlay-show', part: Part | 'withStill', on: boolean}
 *   | {type: 'overlay-add', kind: Kind}
 *   | {type: 'overlay-put', id?: number, kind: Kind, points: import('./specimen.js').Place[]}
 *   | {type: 'overlay-choose', id: number | null}
 *   | {type: 'overlay-delete', id: number}
 *   | {type: 'overlay-clear'}} OverlayIntent
 */

/** The section after something happened. @param {OverlayState} slice @param {any} happening @returns {OverlayState} */
export function reduce(slice, happening) {
  /** @type {OverlayIntent} */
  const intent = happening;
  switch (intent.type) {
    case 'overlay-show':
      return { ...slice, [intent.part]: intent.on };
    case 'overlay-add':
      return slice.marks.length < MOST_MARKS ? { ...slice, adding: intent.kind } : slice;
    case 'overlay-put':
      return withMark(slice, intent);
    case 'overlay-choose':
      return { ...slice, chosen: intent.id };
    case 'overlay-delete': {
      const marks = slice.marks.filter(({ id }) => id !== intent.id);
      return { ...slice, marks, chosen: slice.chosen === intent.id ? null : slice.chosen };
    }
    case 'overlay-clear':
      return { ...slice, marks: [], chosen: null };
    default:
      return slice;
  }
}

/**
 * @param {OverlayState} slice
 * @param {{id?: number, kind: Kind, points: import('./specimen.js').Place[]}} mark
 * @returns {OverlayState}
 */
function withMark(slice, { id, kind, points }) {
  if (points.length !== POINTS[kind]) return slice;
  if (id !== undefined) {
    // One that was deleted meanwhile stays deleted.
    const marks = slice.marks.map((mark) => (mark.id === id ? { id, kind, points } : mark));
    return { ...slice, marks };
  }
  const next = 1 + Math.max(0, ...slice.marks.map((mark) => mark.id));
  return { ...slice, marks: [...slice.marks, { id: next, kind, points }], chosen: next, adding: null };
}

/** Whether lengths are known: the size of a pixel through the objective in place. @param {any} state */
export function hasScale(state) {
  return Boolean(objectiveInPlace(state.optics)?.um_per_px);
}

/**
 * What is to be drawn into a copy of the next still, as `POST /api/camera/still` takes it; `undefined` where that is
 * not asked for, or there is nothing to draw.
 *
 * @param {any} state
 */
export function overlayForStill(state) {
  const { withStill, scaleBar, grid, crosshair, marks } = /** @type {OverlayState} */ (state.local.overlay);
  if (!withStill) return undefined;
  const scaled = hasScale(state);
  const overlay = {
    scale_bar: scaled && scaleBar,
    grid: scaled && grid,
    crosshair,
    measurements: scaled ? marks.map(({ kind, points }) => ({ kind, points })) : [],
  };
  const empty = !overlay.scale_bar && !overlay.grid && !crosshair && !overlay.measurements.length;
  return empty ? undefined : overlay;
}
