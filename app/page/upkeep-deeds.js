/** Restore and restart. */

import { t } from './controls-text.js';

const UPLOAD_MS = 120_000;

/** @typedef {{type: 'upkeep-restore', file: File} | {type: 'upkeep-restart'}} UpkeepIntent */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function upkeepDeeds({ store, request, attempt }) {
  /** A restore is carried out by the restart that follows. @param {File} file */
  async function restore(file) {
    const say = (/** @type {string} */ text, state = {}) =>
      store.dispatch({ type: 'restore', state: { text, busy: false, wrong: false, ...state } });
    say(t('upkeep.sending'), { busy: true });
    try {
      const { files, restart_needed } = await request('POST', '/api/restore', file, { timeout_ms: UPLOAD_MS });
      if (!restart_needed) return say(t('upkeep.same'));
      await request('POST', '/api/restart');
      const taken = files.filter((/** @type {{change: string}} */ { change }) => change === 'new' || change === 'changed');
      const names = taken.map((/** @type {{name: string}} */ { name }) => name).join(', ');
      say(t('upkeep.restored', { names }));
    } catch (problem) {
      say(t('upkeep.not-restored', { problem: /** @type {Error} */ (problem).message }), { wrong: true });
    }
  }

  return {
    'upkeep-restore': ({ file }) => void restore(file),
    'upkeep-restart': () => void attempt('POST', '/api/restart'),
  };
}
