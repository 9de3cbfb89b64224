/**
 * All that the first picture and the stop button do not need: it is loaded once that picture is seen, or where none
 * comes. `eye-piece.js` says what comes before.
 */

import './camera-panel.js';
import './capture-panel.js';
import './clipping-overlay.js';
import './control-badge.js';
import './fault-cards.js';
import './lamp-panel.js';
import './measure-panel.js';
import './message-list.js';
import './overlay-layer.js';
import './pair-view.js';
import './rig-errors.js';
import './stage-panel.js';

import { keepOffline } from './kept-offline.js';
import { MORE_DEEDS } from './more-deeds.js';
import { listenToKeys } from './stage-keys.js';
import { t } from './text.js';

/** Put it to work. @param {import('./eye-piece.js').EyePiece} page */
export function begin(page) {
  page.microscope.learn(MORE_DEEDS);
  listenToKeys(page);
  // Few have one: what looks at it comes with it.
  window.addEventListener('gamepadconnected', () => driveByGamepad(page), { once: true });
  keepOffline();
}

/** @param {import('./eye-piece.js').EyePiece} page */
async function driveByGamepad(page) {
  try {
    (await import('./gamepad.js')).driveByGamepad(page);
  } catch {
    page.microscope.act({ type: 'message-show', text: t('page.unloaded') });
  }
}
