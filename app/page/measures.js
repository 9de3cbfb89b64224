/** Lengths and angles on the specimen, and how they are written. */

import { brief, fixed } from './units.js';

/**
 * @typedef {import('./specimen.js').Place} Place
 * @typedef {'ruler' | 'angle'} Kind
 * @typedef {{id: number, kind: Kind, points: Place[]}} Mark a ruler has two ends, an angle has its vertex second
 */

/** How many points a mark has. @type {Record<Kind, number>} */
export const POINTS = { ruler: 2, angle: 3 };

/** The greatest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2 …) that is not more. */
export function roundNumber(/** @type {number} */ most) {
  const decade = 10 ** Math.floor(Math.log10(most) + 1e-9);
  const digit = [5, 2, 1].find((digit) => digit * decade <= most * (1 + 1e-9)) ?? 1;
  // 3 * 0.1 is not 0.3.
  return Number((digit * decade).toPrecision(1));
}

/** @param {Place} one @param {Place} other */
export function length_um(one, other) {
  return Math.hypot(one.x_um - other.x_um, one.y_um - other.y_um);
}

/** The angle at the second of three points, 0 to 180. @param {Place[]} points */
export function angle_degrees([one, vertex, other]) {
  const [ax, ay] = [one.x_um - vertex.x_um, one.y_um - vertex.y_um];
  const [bx, by] = [other.x_um - vertex.x_um, other.y_um - vertex.y_um];
  return (Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by) * 180) / Math.PI;
}

/** A length in nm, µm or mm, to three digits. @param {number} um */
export function formatLength(um) {
  if (um > 0 && um < 0.9995) return `${threeDigits(um * 1000)} nm`;
  return um < 999.5 ? `${threeDigits(um)} µm` : `${threeDigits(um / 1000)} mm`;
}

/** What a mark measures. @param {Mark} mark */
export function formatMark({ kind, points }) {
  if (kind === 'ruler') return formatLength(length_um(points[0], points[1]));
  return `${fixed(angle_degrees(points), 1)}°`;
}

/** @param {number} value */
function threeDigits(value) {
  return brief(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}
