/** What the camera is asked to do, and how this viewer looks at its picture. */

import { answerMs, remember } from './camera-state.js';
import { Latest } from './latest.js';

/** A little longer than the server gives the camera. */
const ACTION_MS = 45_000;

/**
 * @typedef {{type: 'camera-set', change: Partial<import('./store.js').CameraSettings>}
 *   | {type: 'camera-action', action: import('./camera-state.js').CameraAction}
 *   | {type: 'camera-look',
 *       look: Partial<Pick<import('./camera-state.js').CameraLocal, 'clipping' | 'size'>>}} CameraIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function cameraDeeds({ store, request, attempt, tell, subscribe }) {
  const latest = new Latest(
    (change) => request('PATCH', '/api/camera', change, { timeout_ms: answerMs(store.state, change.exposure_us) }),
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
    'camera-action': async ({ action }) => {
      store.dispatch({ type: 'camera-busy', action });
      // What it sets, it tells to all viewers.
      await attempt('POST', `/api/camera/${action}`, undefined, { timeout_ms: ACTION_MS });
      store.dispatch({ type: 'camera-busy', action: null });
    },
    'camera-look': ({ look }) => {
      store.dispatch({ type: 'camera-look', look });
      remember(look);
      if (look.size) subscribe();
    },
  };
}
