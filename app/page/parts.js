/** The parts of a picture's way from the camera to the tablet, and how each does, in words and figures. */

import { slowest, verdict } from './figures.js';
import { UNKNOWN, formatMs } from './units.js';

/**
 * @typedef {import('./figures.js').About} About
 * @typedef {{about: About, verdict: keyof typeof SIGNS, figure: string, what: string}} Part
 */

/** In the order in which a picture passes them. @type {Record<About, string>} */
export const PARTS = {
  camera: 'Camera',
  encoder: 'Encoder',
  server: 'Server',
  network: 'Network',
  viewer: 'Tablet',
  board: 'Board',
};

/** How a part does, by shape and word as well as by colour. */
export const SIGNS = {
  unknown: { sign: '○', word: '' },
  well: { sign: '●', word: 'well' },
  note: { sign: '◆', word: 'note' },
  warning: { sign: '▲', word: 'check' },
  error: { sign: '■', word: 'fault' },
};

/** Each part's verdict and its one figure. @param {import('./figures.js').State} state @returns {Part[]} */
export function parts(state) {
  const figures = partFigures(state.now);
  return /** @type {About[]} */ (Object.keys(PARTS)).map((about) => {
    const [figure, what] = figures[about];
    const found = verdict(state, about);
    return { about, verdict: found === 'well' && figure === UNKNOWN ? 'unknown' : found, figure, what };
  });
}

/** @param {import('./figures.js').Now | null} now @returns {Record<About, [string, string]>} */
function partFigures(now) {
  const viewers = now?.viewers ?? [];
  const networkMs = slowest(viewers.map((viewer) => viewer.network_ms ?? viewer.ack_ms));
  const paintMs = slowest(viewers.map((viewer) => viewer.paint_ms));
  const celsius = now?.board.temperature_c ?? null;
  const nobody = viewers.length ? 'not told' : 'no viewer';
  const whose = viewers.length > 1 ? `slowest of ${viewers.length}` : 'to the tablet';
  return {
    camera: [now ? `${now.camera.fps.toFixed(1)} fps` : UNKNOWN, 'captured'],
    encoder: [formatMs(now?.camera.encode_ms ?? null), 'for a frame'],
    server: [formatMs(now?.server.loop_lag_ms.p99 ?? null), 'loop lag, p99'],
    network: [formatMs(networkMs), networkMs === null ? nobody : whose],
    viewer: [formatMs(paintMs), paintMs === null ? nobody : 'to paint one'],
    board: [celsius === null ? UNKNOWN : `${celsius.toFixed(0)} °C`, celsius === null ? 'not told' : 'temperature'],
  };
}

/** What is said beside "all is well". @param {import('./figures.js').State} state */
export function calmText({ now }) {
  if (!now) return '';
  const rate = `${now.camera.fps.toFixed(0)} frames a second`;
  const count = now.viewers.length;
  if (!count) return `The camera gives ${rate}. Nobody watches right now.`;
  const latencyMs = slowest(now.viewers.map((viewer) => viewer.latency_ms));
  const latency = latencyMs === null ? '' : `, seen after ${formatMs(latencyMs)} at most`;
  return `${rate} for ${count === 1 ? 'one viewer' : `${count} viewers`}${latency}.`;
}
