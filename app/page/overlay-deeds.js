/** What is done with the overlay stays in the page, and in this tab's memory. */

import { remember } from './overlay-state.js';

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function overlayDeeds({ store }) {
  const names = ['show', 'add', 'put', 'choose', 'delete', 'clear'];
  const deed = (/** @type {import('./overlay-state.js').OverlayIntent} */ intent) => {
    const { overlay } = store.state.local;
    store.dispatch(intent);
    if (store.state.local.overlay !== overlay) remember(store.state.local.overlay);
  };
  return Object.fromEntries(names.map((name) => [`overlay-${name}`, deed]));
}
