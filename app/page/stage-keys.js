/** The keys that jog the stage, as axis and direction in the picture. */

import { anyDialogOpen } from './ask-dialog.js';
import { want } from './controls.js';
import { chosenStep } from './stage-pace.js';
import { usable } from './store.js';

/** @type {Record<string, ['x' | 'y' | 'z', number]>} */
const KEYS = {
  ArrowLeft: ['x', -1],
  ArrowRight: ['x', 1],
  ArrowUp: ['y', -1],
  ArrowDown: ['y', 1],
  PageUp: ['z', 1],
  PageDown: ['z', -1],
};

/**
 * Have keys jog for as long as they are held. Not those meant for a field, a dialog, or another view.
 *
 * @param {HTMLElement & {state: import('./store.js').State, live: boolean}} page
 */
export function listenToKeys(page) {
  /** @type {string | null} */
  let pressed = null;

  window.addEventListener('keydown', (event) => {
    const key = KEYS[event.key];
    const target = event.composedPath()[0];
    const inField = target instanceof HTMLElement && target.matches('input, select, textarea');
    const other = inField || !page.live || anyDialogOpen();
    if (!key || other || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (event.repeat || !usable(page.state, 'stage')) return;
    const [axis, sign] = key;
    pressed = event.key;
    const um = sign * chosenStep(page.state, axis === 'z' ? 'z' : 'xy');
    want(page, { type: 'stage-jog', distance: { [`${axis}_um`]: um } });
  });
  window.addEventListener('keyup', (event) => {
    if (event.key !== pressed) return;
    pressed = null;
    want(page, { type: 'stage-release' });
  });
  for (const leaving of ['blur', 'pagehide']) {
    window.addEventListener(leaving, () => want(page, { type: 'stage-release' }));
  }
}
