/** The values at which a hand can stop on a logarithmic scale: thirds of a stop, as on a camera's dial. */

/** The preferred numbers R10 (ISO 3), of which ten make a decade and three double the light. */
const SERIES = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8];

/** Both ends of a range, and the stops between them. @param {import('./store.js').Range} range @returns {number[]} */
export function stopsIn({ minimum, maximum }) {
  const stops = [minimum];
  for (let decade = 10 ** Math.floor(Math.log10(minimum)); decade <= maximum; decade *= 10) {
    // One that is next to an end would only be felt as a hitch.
    stops.push(...SERIES.map((n) => n * decade).filter((stop) => stop > minimum * 1.05 && stop < maximum / 1.05));
  }
  return [...stops, maximum];
}

/** The stop that is nearest to a value on a logarithmic scale. @param {number[]} stops @param {number} value */
export function nearestStop(stops, value) {
  const distance = (/** @type {number} */ stop) => Math.abs(Math.log(stop / value));
  return stops.reduce((best, stop) => (distance(stop) < distance(best) ? stop : best));
}

/**
 * The stop that lies `count` stops above a value (below where it is negative), or the end.
 *
 * @param {number[]} stops @param {number} value @param {number} count
 */
export function stopBeside(stops, value, count) {
  const [least, most] = [value * 0.999, value * 1.001];
  const beyond = count > 0 ? stops.filter((stop) => stop > most) : stops.filter((stop) => stop < least).reverse();
  return beyond[Math.abs(count) - 1] ?? beyond.at(-1) ?? value;
}
