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
  /** By its `code`: with Shift or NumLock it may come up by another name. @type {string | null} */
  let pressed = null;
  const release = () => {
    pressed = null;
    want(page, { type: 'stage-release' });
  };

  window.addEventListener('keydown', (event) => {
    const key = KEYS[event.key];
    const target = event.composedPath()[0];
    const inField = target instanceof HTMLElement && target.matches('input, select, textarea');
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    // Of a key that is let go while such a one is down, some keyboards never tell.
    if (pressed && modified) release();
    // Where they drive nothing, they scroll.
    const other = inField || !page.live || anyDialogOpen() || !usable(page.state, 'stage');
    if (!key || other || modified) return;
    event.preventDefault();
    if (event.repeat) return;
    const [axis, sign] = key;
    pressed = event.code;
    const um = sign * chosenStep(page.state, axis === 'z' ? 'z' : 'xy');
    want(page, { type: 'stage-jog', distance: { [`${axis}_um`]: um } });
  });
  window.addEventListener('keyup', (event) => {
    if (event.code === pressed) release();
  });
  for (const leaving of ['blur', 'pagehide']) {
    window.addEventListener(leaving, release);
  }
}
