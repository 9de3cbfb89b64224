/** The parts of a picture's way from the camera to the tablet, and how each does, in words and figures. */

import { t } from './dashboard-text.js';
import { slowest, verdict } from './figures.js';
import { UNKNOWN, fixed, formatMs } from './units.js';

/**
 * @typedef {import('./figures.js').About} About
 * @typedef {{about: About, verdict: keyof typeof SIGNS, figure: string, what: string}} Part
 */

/** In the order in which a picture passes them. @type {Record<About, string>} */
export const PARTS = {
  camera: t('part.camera'),
  encoder: t('part.encoder'),
  server: t('part.server'),
  network: t('part.network'),
  viewer: t('part.viewer'),
  board: t('part.board'),
};

/** How a part does, by shape and word as well as by colour. */
export const SIGNS = {
  unknown: { sign: '○', word: '' },
  well: { sign: '●', word: t('verdict.well') },
  note: { sign: '◆', word: t('verdict.note') },
  warning: { sign: '▲', word: t('verdict.warning') },
  error: { sign: '■', word: t('verdict.error') },
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
  const nobody = t(viewers.length ? 'part.not-told' : 'part.no-viewer');
  const whose = viewers.length > 1 ? t('part.slowest', { of: viewers.length }) : t('part.to-tablet');
  return {
    camera: [now ? t('view.rate', { fps: fixed(now.camera.fps, 1) }) : UNKNOWN, t('part.captured')],
    encoder: [formatMs(now?.camera.encode_ms ?? null), t('part.per-frame')],
    server: [formatMs(now?.server.loop_lag_ms.p99 ?? null), t('part.lag')],
    network: [formatMs(networkMs), networkMs === null ? nobody : whose],
    viewer: [formatMs(paintMs), paintMs === null ? nobody : t('part.to-paint')],
    board: [celsius === null ? UNKNOWN : `${fixed(celsius, 0)} °C`, t(celsius === null ? 'part.not-told' : 'part.temperature')],
  };
}

/** What is said beside "all is well". @param {import('./figures.js').State} state */
export function calmText({ now }) {
  if (!now) return '';
  const fps = now.camera.fps.toFixed(0);
  const count = now.viewers.length;
  if (!count) return t('dash.calm-nobody', { fps });
  const latencyMs = slowest(now.viewers.map((viewer) => viewer.latency_ms));
  const latency = latencyMs === null ? '' : t('dash.calm-latency', { latency: formatMs(latencyMs) });
  return t('dash.calm', { fps, count, latency });
}
