/** What the page knows of the camera beside the server's section. */

import { keep, read } from './preferences.js';

/**
 * `wanted` is what the user has set and is not yet confirmed; `busy` is what the camera does by itself just now;
 * `clipping`: whether what is clipped is marked in the picture; `size`: what this viewer wants to be sent.
 *
 * @typedef {import('./store.js').CameraSettings} CameraSettings
 * @typedef {'reset' | 'white-balance'} CameraAction
 * @typedef {'auto' | 'full' | 'reduced'} ViewerSize
 * @typedef {{wanted: Partial<CameraSettings>, busy: CameraAction | null, clipping: boolean, size: ViewerSize}} CameraLocal
 */

/** @type {ViewerSize[]} */
export const SIZES = ['auto', 'full', 'reduced'];

/** @type {CameraLocal} */
export const INITIAL = { wanted: {}, busy: null, clipping: read('clipping') === 'true', size: rememberedSize() };

/** @param {CameraLocal} slice @param {import('./store.js').Happening} happening @returns {CameraLocal} */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'camera-wanted':
      return { ...slice, wanted: { ...slice.wanted, ...happening.change } };
    case 'camera-settled':
      return { ...slice, wanted: {} };
    case 'camera-busy':
      return { ...slice, busy: happening.action };
    case 'camera-look':
      return { ...slice, ...happening.look };
    default:
      return slice;
  }
}

/** Remember how the picture is to be looked at. @param {Partial<Pick<CameraLocal, 'clipping' | 'size'>>} look */
export function remember(look) {
  for (const [name, value] of Object.entries(look)) keep(name === 'size' ? 'viewer-size' : name, String(value));
}

/** @returns {ViewerSize} */
function rememberedSize() {
  const kept = read('viewer-size');
  return SIZES.find((size) => size === kept) ?? 'auto';
}

/**
 * How long an answer of the camera is waited for, in ms: a little longer than the server waits, for which exposures count.
 *
 * @param {import('./store.js').State} state
 * @param {number} [next_us] the exposure that is asked for
 */
export function answerMs(state, next_us = 0) {
  return 20_000 + (14 * Math.max(state.camera?.settings?.exposure_us ?? 0, next_us)) / 1000;
}

/**
 * The camera's settings as shown: what the user wants, else what is in force; what a camera on automatic chose.
 *
 * @param {import('./store.js').State} state
 * @returns {Partial<CameraSettings>}
 */
export function shownCamera(state) {
  const confirmed = state.camera?.settings;
  const { wanted } = state.local.camera;
  const settings = { ...confirmed, ...wanted };
  const { exposure_us, gain, red_gain, blue_gain } = state.frame ?? {};
  const chosen = {
    // What it chose last stays in force as the automatic goes off.
    ...((confirmed?.auto_exposure || settings.auto_exposure) && { exposure_us, gain }),
    ...((confirmed?.auto_white_balance || settings.auto_white_balance) && { red_gain, blue_gain }),
  };
  const told = Object.entries(chosen).filter(([, value]) => value != null);
  return { ...settings, ...Object.fromEntries(told), ...wanted };
}
