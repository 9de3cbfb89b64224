/** What the page knows of the camera beside the server's section: what its user has set and is not yet confirmed. */

/** @typedef {import('./store.js').CameraSettings} CameraSettings */

/** @typedef {{wanted: Partial<CameraSettings>}} CameraLocal */

/** @type {CameraLocal} */
export const INITIAL = { wanted: {} };

/** @param {CameraLocal} slice @param {import('./store.js').Happening} happening @returns {CameraLocal} */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'camera-wanted':
      return { ...slice, wanted: { ...slice.wanted, ...happening.change } };
    case 'camera-settled':
      return { ...slice, wanted: {} };
    default:
      return slice;
  }
}

/**
 * The camera's settings as shown: what the user wants, else what is in force; what a camera on automatic chose.
 *
 * @param {import('./store.js').State} state
 * @returns {Partial<CameraSettings>}
 */
export function shownCamera(state) {
  const settings = { ...state.camera?.settings, ...state.local.camera.wanted };
  const { exposure_us, gain, red_gain, blue_gain } = state.frame ?? {};
  const chosen = {
    ...(settings.auto_exposure && { exposure_us, gain }),
    ...(settings.auto_white_balance && { red_gain, blue_gain }),
  };
  const told = Object.entries(chosen).filter(([, value]) => value != null);
  return { ...settings, ...Object.fromEntries(told) };
}
