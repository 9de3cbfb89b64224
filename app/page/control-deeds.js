/** What is asked for about who drives. */

import { Problem, problemOf } from './problems.js';
import { t } from './text.js';

const TIMEOUT_MS = 5000;

/**
 * @typedef {{type: 'control-ask'} | {type: 'control-release'} | {type: 'control-give', to: string}} ControlIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function controlDeeds({ socket, tell }) {
  /** @param {string} event @param {object} [argument] */
  async function say(event, argument) {
    try {
      const { ok, error, code, ...facts } = await socket.timeout(TIMEOUT_MS).emitWithAck(event, argument);
      if (!ok) tell(problemOf(code, facts, error));
    } catch {
      tell(new Problem(t('connection.late')));
    }
  }
  return {
    'control-ask': () => void say('ask_control'),
    'control-release': () => void say('release_control'),
    'control-give': ({ to }) => void say('give_control', { id: to }),
  };
}
