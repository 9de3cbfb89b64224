/** What the dashboard draws, and how its figures are written. */

import { formatBytes, formatMs } from './units.js';

/**
 * `atLeast` is what the scale reaches in any case, so that a calm line looks calm; `tick` writes a figure on the axis.
 *
 * @typedef {(value: number) => string} Format
 * @typedef {{key: Exclude<import('./figures.js').Key, 'at'>, label: string}} Line
 * @typedef {{title: string, lines: Line[], atLeast: number, format: Format, tick: Format}} Graph
 */

/** @type {(unit: string) => Format} */
const whole = (unit) => (value) => `${Math.round(value)} ${unit}`;
/** @type {(unit: string) => Format} */
const tenths = (unit) => (value) => `${value.toFixed(1)} ${unit}`;

const RATE = { atLeast: 35, format: tenths('fps'), tick: whole('fps') };
const TIME = { format: formatMs, tick: whole('ms') };

/** @type {Graph[]} */
export const GRAPHS = [
  { title: 'Camera', lines: [{ key: 'camera_fps', label: 'captured' }], ...RATE },
  { title: 'Encoding a frame', lines: [{ key: 'encode_ms', label: 'mean' }], atLeast: 20, ...TIME },
  {
    title: 'Viewers',
    lines: [
      { key: 'sent_fps', label: 'sent' },
      { key: 'dropped_fps', label: 'dropped' },
    ],
    ...RATE,
  },
  {
    title: 'Latency',
    lines: [
      { key: 'latency_ms', label: 'painted' },
      { key: 'ack_ms', label: 'acknowledged' },
    ],
    atLeast: 100,
    ...TIME,
  },
  { title: 'Event loop lag', lines: [{ key: 'loop_lag_ms', label: 'p99' }], atLeast: 20, ...TIME },
  {
    title: 'Processor (100 % is one core)',
    lines: [{ key: 'cpu_percent', label: 'used' }],
    atLeast: 100,
    format: whole('%'),
    tick: whole('%'),
  },
  {
    title: 'Memory',
    lines: [{ key: 'memory_bytes', label: 'used' }],
    atLeast: 200e6,
    format: formatBytes,
    tick: (bytes) => `${Math.round(bytes / 1e6)} MB`,
  },
  {
    title: 'Board temperature',
    lines: [{ key: 'temperature_c', label: 'now' }],
    atLeast: 90,
    format: tenths('°C'),
    tick: whole('°C'),
  },
];

/** The spans that can be shown. */
export const SPANS = /** @type {const} */ ([
  { spanS: 60, label: '1 min' },
  { spanS: 600, label: '10 min' },
]);

/** A time before now on the axis: −7.5 min, −30 s, now. */
export function formatAgo(/** @type {number} */ seconds) {
  if (seconds === 0) return 'now';
  return seconds > -60 ? `−${-seconds} s` : `−${-seconds / 60} min`;
}
