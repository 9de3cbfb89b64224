/** Coordinates as people type them. */

import { brief } from './units.js';

/** The units to choose from, in micrometres. */
export const UNITS = { µm: 1, mm: 1000 };

/** @typedef {keyof typeof UNITS} Unit */

/**
 * A coordinate in micrometres from what was typed, with a decimal point or comma, either minus sign, and its unit if it is
 * another; `null` for nothing, NaN for what is no number.
 *
 * @param {string} text
 * @param {Unit} unit what a number without one means
 * @returns {number | null}
 */
export function parseCoordinate(text, unit) {
  if (!text.trim()) return null;
  const match = /^\s*([-−+]?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*(µm|μm|um|mm)?\s*$/i.exec(text);
  if (!match) return NaN;
  const factor = match[2] ? (match[2].toLowerCase() === 'mm' ? 1000 : 1) : UNITS[unit];
  return Number((Number(match[1].replace('−', '-').replace(',', '.')) * factor).toFixed(3));
}

/** A coordinate as it is shown to be typed over. @param {number} um @param {Unit} unit */
export function coordinateText(um, unit) {
  return brief(um / UNITS[unit], unit === 'mm' ? 4 : 1);
}
