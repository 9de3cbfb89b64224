/** What the camera is asked to do. */

import { Latest } from './latest.js';

/** A little longer than the server gives the camera. */
const ACTION_MS = 45_000;

/**
 * @typedef {{type: 'camera-set', change: Partial<import('./store.js').CameraSettings>}
 *   | {type: 'camera-action', action: 'reset' | 'white-balance'}} CameraIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function cameraDeeds({ store, request, attempt, tell }) {
  const latest = new Latest(
    (change) => request('PATCH', '/api/camera', change),
    (section, problem) => {
      if (section) store.dispatch({ type: 'section', name: 'camera', section });
      store.dispatch({ type: 'camera-settled' });
      if (problem) tell(problem);
    },
  );
  return {
    'camera-set': ({ change }) => {
      store.dispatch({ type: 'camera-wanted', change });
      latest.push(change);
    },
    // What it sets, it tells to all viewers.
    'camera-action': ({ action }) => void attempt('POST', `/api/camera/${action}`, undefined, { timeout_ms: ACTION_MS }),
  };
}
