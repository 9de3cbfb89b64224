/** What is done with the overlay stays in the page. */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function overlayDeeds({ store }) {
  const names = ['show', 'add', 'put', 'choose', 'delete', 'clear'];
  return Object.fromEntries(names.map((name) => [`overlay-${name}`, (intent) => store.dispatch(intent)]));
}
