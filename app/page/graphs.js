/** What the dashboard draws, and how its figures are written. */

import { t } from './dashboard-text.js';
import { fixed, formatBytes, formatMs } from './units.js';

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
const tenths = (unit) => (value) => `${fixed(value, 1)} ${unit}`;

const RATE = { atLeast: 35, format: tenths(t('graph.fps')), tick: whole(t('graph.fps')) };
const TIME = { format: formatMs, tick: whole('ms') };

/** @type {Graph[]} */
export const GRAPHS = [
  { title: t('part.camera'), lines: [{ key: 'camera_fps', label: t('part.captured') }], ...RATE },
  { title: t('graph.encoding'), lines: [{ key: 'encode_ms', label: t('graph.mean') }], atLeast: 20, ...TIME },
  {
    title: t('dash.viewers'),
    lines: [
      { key: 'sent_fps', label: t('graph.sent') },
      { key: 'dropped_fps', label: t('graph.dropped') },
    ],
    ...RATE,
  },
  {
    title: t('graph.latency'),
    lines: [
      { key: 'latency_ms', label: t('graph.painted') },
      { key: 'ack_ms', label: t('graph.acknowledged') },
    ],
    atLeast: 100,
    ...TIME,
  },
  { title: t('graph.lag'), lines: [{ key: 'loop_lag_ms', label: 'p99' }], atLeast: 20, ...TIME },
  {
    title: t('graph.processor'),
    lines: [
      { key: 'cpu_percent', label: t('graph.microscope') },
      { key: 'machine_cpu_percent', label: t('graph.all-programs') },
    ],
    atLeast: 100,
    format: whole('%'),
    tick: whole('%'),
  },
  {
    title: t('graph.memory'),
    lines: [{ key: 'memory_bytes', label: t('graph.used') }],
    atLeast: 200e6,
    format: formatBytes,
    tick: (bytes) => `${Math.round(bytes / 1e6)} MB`,
  },
  {
    title: t('graph.temperature'),
    lines: [{ key: 'temperature_c', label: t('graph.now') }],
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
  if (seconds === 0) return t('graph.now');
  return seconds > -60 ? `−${-seconds} s` : `−${-seconds / 60} min`;
}
