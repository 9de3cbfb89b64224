/**
 * What the dashboard knows: the server's figures of now, its findings, and up to ten minutes of history. One immutable
 * state, one pure function that changes it.
 */

import { t } from './dashboard-text.js';

/**
 * @typedef {'camera' | 'encoder' | 'server' | 'network' | 'viewer' | 'board'} About
 * @typedef {'note' | 'warning' | 'error'} Severity
 * @typedef {{about: About, code: string, viewer: string | null, severity: Severity, text: string}} Finding
 * @typedef {{id: string, kind: 'websocket' | 'polling' | 'mjpeg', address: string, agent: string, you: boolean,
 *   size: 'full' | 'reduced', window: number, in_flight: number, sent: number, acked: number,
 *   dropped: Record<string, number>, acks_lost: number, junk_acks: number, fps: number, bytes_per_s: number,
 *   ack_ms: number | null, network_ms: number | null, paint_ms: number | null, latency_ms: number | null}} Viewer
 * @typedef {{status: string, fps: number, encoded_fps: number, encode_ms: number | null, exposure_us: number | null,
 *   frame_bytes: number | null}} CameraFigures
 * @typedef {{loop_lag_ms: {p50: number, p99: number, max: number}, cpu_percent: number, memory_bytes: number,
 *   bridge_waiting: number, slow_callbacks: number, viewers: number}} ServerFigures
 * @typedef {{at: number, camera: CameraFigures, server: ServerFigures,
 *   devices: Record<string, {alive: boolean, status: string}>,
 *   board: {temperature_c: number | null, throttled: string[]}, viewers: Viewer[]}} Now
 * @typedef {{interval_s: number, now: Now, findings: Finding[], history: Partial<History>}} Figures what the server
 *   answers
 */

const KEYS = /** @type {const} */ ([
  'at',
  'camera_fps',
  'encode_ms',
  'loop_lag_ms',
  'cpu_percent',
  'machine_cpu_percent',
  'memory_bytes',
  'sent_fps',
  'dropped_fps',
  'viewers',
  'latency_ms',
  'ack_ms',
  'temperature_c',
]);

/**
 * Samples in the order of their time `at` (the server's wall clock, in seconds), a column each.
 *
 * @typedef {typeof KEYS[number]} Key
 * @typedef {{at: number[]} & Record<Exclude<Key, 'at'>, (number | null)[]>} History
 */

/**
 * `problem` says why the server could not be asked; what was known before stays.
 *
 * @typedef {{connection: import('./store.js').Connection, problem: string, intervalS: number, now: Now | null,
 *   findings: Finding[], history: History}} State
 * @typedef {{type: 'answer', figures: Figures} | {type: 'failure', problem: string}} Happening
 */

/** As long as the server remembers. */
export const HISTORY_S = 600;

/** @type {History} */
const NO_HISTORY = /** @type {any} */ (Object.fromEntries(KEYS.map((key) => [key, []])));

/** @type {State} */
export const INITIAL = Object.freeze({
  connection: 'connecting',
  problem: '',
  intervalS: 1,
  now: null,
  findings: [],
  history: NO_HISTORY,
});

/**
 * The state after something happened. Pure: the same arguments give the same result, and neither is changed.
 *
 * @param {State} state
 * @param {Happening} happening
 * @returns {State}
 */
export function reduce(state, happening) {
  if (happening.type === 'failure') {
    // Until the first answer it is still connecting that fails.
    const connection = state.now ? 'reconnecting' : 'connecting';
    return { ...state, connection, problem: happening.problem };
  }
  const { now, findings, interval_s, history } = happening.figures;
  return {
    connection: 'connected',
    problem: '',
    intervalS: interval_s,
    now,
    findings: [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    history: merged(state.history, history, now.at),
  };
}

/** The worst first. */
const SEVERITIES = /** @type {Severity[]} */ (['error', 'warning', 'note']);

/** The newest sample's time, for asking only for what came after it. @returns {number | undefined} */
export function since(/** @type {State} */ state) {
  return state.history.at.at(-1);
}

/** @param {History} old @param {Partial<History>} fresh @param {number} nowS @returns {History} */
function merged(old, fresh, nowS) {
  const lastS = old.at.at(-1) ?? -Infinity;
  // A server whose clock was set back, as it is where one starts without a network, begins a new history.
  const kept = lastS > nowS ? NO_HISTORY : old;
  const keptFrom = firstAfter(kept.at, nowS - HISTORY_S);
  const freshFrom = firstAfter(fresh.at ?? [], kept.at.at(-1) ?? -Infinity);
  const columns = KEYS.map((key) => {
    const added = (fresh.at ?? []).slice(freshFrom).map((_, n) => fresh[key]?.[freshFrom + n] ?? null);
    return [key, [...kept[key].slice(keptFrom), ...added]];
  });
  return Object.fromEntries(columns);
}

/** @param {number[]} times @param {number} atS */
function firstAfter(times, atS) {
  const index = times.findIndex((time) => time > atS);
  return index < 0 ? times.length : index;
}

/**
 * Columns of the history for a graph: first the times, in seconds before now, then those that are named. Where samples
 * are missing, a row of `null` interrupts the line.
 *
 * @param {State} state
 * @param {Exclude<Key, 'at'>[]} keys
 * @param {number} spanS how far back
 * @returns {[number[], ...(number | null)[][]]}
 */
export function columns({ history, now, intervalS }, keys, spanS) {
  const nowS = now?.at ?? 0;
  /** @type {[number[], ...(number | null)[][]]} */
  const result = [[], ...keys.map(() => [])];
  const [times, ...values] = result;
  for (let n = firstAfter(history.at, nowS - spanS - intervalS); n < history.at.length; n += 1) {
    const atS = history.at[n] - nowS;
    if (times.length && atS - times[times.length - 1] > MISSING_INTERVALS * intervalS) {
      times.push(atS - intervalS);
      for (const column of values) column.push(null);
    }
    times.push(atS);
    keys.forEach((key, k) => values[k].push(history[key][n]));
  }
  return result;
}

/** From how many intervals on a sample is missing, and not only late. */
const MISSING_INTERVALS = 3;

/**
 * How a part of the picture's way does: the worst that is found about it.
 *
 * @param {State} state
 * @param {About} about
 * @returns {Severity | 'well'}
 */
export function verdict(state, about) {
  return state.findings.find((finding) => finding.about === about)?.severity ?? 'well';
}

/**
 * What a viewer is called on this screen: this tablet, its address, or, where others share that, its number as well.
 *
 * @param {Viewer[]} viewers
 * @param {string} id
 */
export function viewerName(viewers, id) {
  const viewer = viewers.find((other) => other.id === id);
  if (!viewer) return t('dash.gone');
  const { address, you } = viewer;
  if (!address) return id;
  if (viewers.filter((other) => other.address === address).length === 1) return you ? THIS_TABLET : address;
  return `${address} · ${id.slice(0, ID_SHOWN)}`;
}

export const THIS_TABLET = t('dash.this-tablet');
const ID_SHOWN = 8;

/** The largest of what viewers tell, `null` where none tells. @param {(number | null)[]} values */
export function slowest(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? Math.max(...known) : null;
}
