/**
 * All that is not needed for the first picture: what the stage is driven, and the picture taken and measured with. It is
 * loaded once that picture is seen; `eye-piece.js` says what comes before.
 */

import './camera-panel.js';
import './capture-panel.js';
import './clipping-overlay.js';
import './control-badge.js';
import './fault-cards.js';
import './lamp-panel.js';
import './measure-panel.js';
import './overlay-layer.js';
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
