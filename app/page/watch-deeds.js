/** What elements learn from the frames themselves: there are too many of them for the store. */

import { ToneMeter } from './tone-meter.js';

/** A focus that has far to go. */
const MOVE_MS = 120_000;

/**
 * `frame-watch` and `tones-watch` have a watcher told until its signal is aborted; `focus-to` turns the focus to a height.
 *
 * @typedef {{type: 'frame-watch', watcher: (metadata: any) => void, signal: AbortSignal}
 *   | {type: 'tones-watch', watcher: (tones: import('./tone-meter.js').MeasuredTones) => void, signal: AbortSignal}
 *   | {type: 'focus-to', z_um: number}} WatchIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function watchDeeds({ frames, attempt }) {
  const meter = new ToneMeter();
  frames.add((metadata, jpeg) => meter.offer(metadata, jpeg), new AbortController().signal);
  return {
    'frame-watch': ({ watcher, signal }) => frames.add(watcher, signal),
    'tones-watch': ({ watcher, signal }) => meter.watch(watcher, signal),
    'focus-to': ({ z_um }) => void attempt('POST', '/api/stage/move', { z_um }, { timeout_ms: MOVE_MS }),
  };
}
