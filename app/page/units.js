/** Figures as people read them, and scales as hands move them. */

import { language } from './text.js';

/** What stands before the decimals: a point, or a comma. */
const MARK = new Intl.NumberFormat(language).format(0.5)[1];

/** A number with so many decimals, and a true minus sign. @param {number} value @param {number} decimals */
export function fixed(value, decimals) {
  return value.toFixed(decimals).replace('-', '−').replace('.', MARK);
}

/** A number with no more decimals than it needs, nor than so many. @param {number} value @param {number} most */
export function brief(value, most) {
  return String(Number(value.toFixed(most))).replace('-', '−').replace('.', MARK);
}

/** A figure that nobody told. */
export const UNKNOWN = '–';

/** Micrometres with one decimal, a true minus sign and a sign's width kept free: the figures do not jump. */
export function formatUm(/** @type {number} */ um) {
  const rounded = Math.round(um * 10) / 10;
  return `${rounded < 0 ? '−' : ' '}${fixed(Math.abs(rounded), 1)}`;
}

/** An exposure in the unit that suits it: 850 µs, 10.0 ms, 1.25 s. */
export function formatExposure(/** @type {number} */ us) {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 999_950) return `${threeDigits(us / 1000)} ms`;
  return `${threeDigits(us / 1e6)} s`;
}

/** Reads an exposure in microseconds; without a unit the number means milliseconds. NaN when it is no exposure. */
export function parseExposure(/** @type {string} */ text) {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*(µs|μs|us|ms|s)?\s*$/i.exec(text);
  if (!match) return NaN;
  const unit = (match[2] ?? 'ms').toLowerCase();
  const factor = unit === 's' ? 1e6 : unit === 'ms' ? 1000 : 1;
  return Math.round(Number(match[1].replace(',', '.')) * factor);
}

/** An amplification: 1.0×, 12.5×. */
export function formatGain(/** @type {number} */ gain) {
  return `${fixed(gain, 1)}×`;
}

/** Reads an amplification, with or without its ×; NaN when it is none. */
export function parseGain(/** @type {string} */ text) {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*[×x]?\s*$/i.exec(text);
  return match ? Number(match[1].replace(',', '.')) : NaN;
}

/** Pictures per second: 30 /s, 2.5 /s. */
export function formatRate(/** @type {number} */ fps) {
  return `${brief(fps, fps < 9.95 ? 1 : 0)} /s`;
}

/** Reads pictures per second, with or without the unit; NaN when they are none. */
export function parseRate(/** @type {string} */ text) {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*(?:\/s|fps)?\s*$/i.exec(text);
  return match ? Number(match[1].replace(',', '.')) : NaN;
}

/** A fraction from 0 to 1 in per cent. */
export function formatPercent(/** @type {number} */ fraction) {
  return `${Math.round(fraction * 100)} %`;
}

/** A part of the whole in per cent, small ones too: 0 %, 0.3 %, 12 %. */
export function formatPart(/** @type {number} */ fraction) {
  const percent = 100 * fraction;
  return `${percent === 0 || percent >= 9.95 ? Math.round(percent) : fixed(Math.max(percent, 0.1), 1)} %`;
}

/** Reads per cent as a fraction; NaN when it is none. */
export function parsePercent(/** @type {string} */ text) {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*%?\s*$/.exec(text);
  return match ? Number(match[1].replace(',', '.')) / 100 : NaN;
}

/** A file's size: 850 kB, 4.2 MB. */
export function formatBytes(/** @type {number} */ bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${threeDigits(bytes / 1e6)} MB`;
}

/** A short time: 0.4 ms, 12 ms, 1.50 s; a dash where it is not known. @param {number | null} ms */
export function formatMs(ms) {
  if (ms === null) return UNKNOWN;
  if (ms < 9.95) return `${fixed(ms, 1)} ms`;
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${threeDigits(ms / 1000)} s`;
}

/** What a link carries: 0 kB/s, 850 kB/s, 4.20 MB/s. */
export function formatByteRate(/** @type {number} */ bytesPerS) {
  return `${bytesPerS < 500 ? '0 kB' : formatBytes(bytesPerS)}/s`;
}

/** Where between minimum and maximum (0 to 1) a value lies on a logarithmic scale. */
export function toLogScale(/** @type {number} */ value, /** @type {{minimum: number, maximum: number}} */ range) {
  return Math.log(value / range.minimum) / Math.log(range.maximum / range.minimum);
}

/** The value at a place (0 to 1) of a logarithmic scale. */
export function fromLogScale(/** @type {number} */ place, /** @type {{minimum: number, maximum: number}} */ range) {
  return range.minimum * (range.maximum / range.minimum) ** place;
}

/** @param {number} value */
function threeDigits(value) {
  return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}
