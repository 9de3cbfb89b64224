/** Where the stage has been, for the map: as many places as a line needs, and no more than so many. */

/** What is kept; the oldest go first. */
export const MAX_PLACES = 400;
/** Nearer than this part of the travel, two places are one. */
const GRAIN = 1 / 250;

/** @typedef {{x_um: number, y_um: number}} Spot */

/**
 * The trail after the stage was seen at a place. The same array where nothing changes.
 *
 * @param {Spot[]} trail
 * @param {Spot} spot
 * @param {number} travel_um the longer side of the stage's travel
 * @returns {Spot[]}
 */
export function trailed(trail, { x_um, y_um }, travel_um) {
  const last = trail.at(-1);
  if (last && Math.hypot(x_um - last.x_um, y_um - last.y_um) < travel_um * GRAIN) return trail;
  return [...trail, { x_um, y_um }].slice(-MAX_PLACES);
}
