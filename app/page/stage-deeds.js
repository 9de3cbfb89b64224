/** What the stage is asked to do. */

import { Jogger } from './jogger.js';

/** As long as the server waits for a motion. */
const HOMING_MS = 900_000;

/**
 * @typedef {{type: 'stage-jog', distance: import('./jogger.js').Distance} | {type: 'stage-release'}
 *   | {type: 'stage-stop'} | {type: 'stage-home', axes: string[]}
 *   | {type: 'stage-step', axis: 'xy' | 'z', um: number}} StageIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function stageDeeds({ store, attempt }) {
  const jogger = new Jogger(
    (distance) => attempt('POST', '/api/stage/jog', distance),
    () => attempt('POST', '/api/stage/stop', undefined, { keepalive: true }).then(() => {}),
  );
  return {
    'stage-jog': ({ distance }) => jogger.press(distance),
    'stage-release': () => jogger.release(),
    'stage-stop': () => void jogger.stop(),
    'stage-home': ({ axes }) => void attempt('POST', '/api/stage/home', { axes }, { timeout_ms: HOMING_MS }),
    'stage-step': ({ axis, um }) => store.dispatch({ type: 'stage-step', axis, um }),
  };
}
