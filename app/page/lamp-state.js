/** What the page knows of the lamp beside the server's section: what its user has set and is not yet confirmed. */

/** @typedef {{wanted: Partial<import('./store.js').LightState>}} LampLocal */

/** @type {LampLocal} */
export const INITIAL = { wanted: {} };

/** @param {LampLocal} slice @param {import('./store.js').Happening} happening @returns {LampLocal} */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'lamp-wanted':
      return { ...slice, wanted: { ...slice.wanted, ...happening.change } };
    case 'lamp-settled':
      return { ...slice, wanted: {} };
    default:
      return slice;
  }
}

/** The lamp as shown. @param {import('./store.js').State} state */
export function shownLight(state) {
  return { on: false, brightness: 0, ...state.light, ...state.local.lamp.wanted };
}
