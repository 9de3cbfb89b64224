/** Where a stick is pushed to, as a speed. */

/** The part of the way from the middle to the edge in which nothing moves: a finger is never quite still. */
export const DEAD = 0.12;

/**
 * The speed for a place of the stick: 0 in the dead zone, growing with the square of the way from there, so that slow
 * motion has most of the room; full at the edge and beyond.
 *
 * @param {number} x from -1 (left edge) to 1
 * @param {number} y from -1 (upper edge) to 1
 * @param {number} full at the edge
 * @param {number} [dead]
 * @returns {{x: number, y: number}}
 */
export function speedAt(x, y, full, dead = DEAD) {
  const way = Math.hypot(x, y);
  if (!(way > dead)) return { x: 0, y: 0 };
  const part = (Math.min(way, 1) - dead) / (1 - dead);
  const speed = full * part * part;
  return { x: (x / way) * speed, y: (y / way) * speed };
}
