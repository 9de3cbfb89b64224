/** What elements learn from the frames themselves: there are too many of them for the store. */

import { ToneMeter } from './tone-meter.js';

/**
 * `frame-watch` and `tones-watch` have a watcher told until its signal is aborted.
 *
 * @typedef {{type: 'frame-watch', watcher: (metadata: any) => void, signal: AbortSignal}
 *   | {type: 'tones-watch', watcher: (tones: import('./tone-meter.js').MeasuredTones) => void, signal: AbortSignal}} WatchIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function watchDeeds({ frames }) {
  const meter = new ToneMeter();
  frames.add((metadata, jpeg) => meter.offer(metadata, jpeg), new AbortController().signal);
  return {
    'frame-watch': ({ watcher, signal }) => frames.add(watcher, signal),
    'tones-watch': ({ watcher, signal }) => meter.watch(watcher, signal),
  };
}
