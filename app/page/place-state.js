/** What the page knows of named places beside the server's list: the one that was deleted last, to take that back. */

/** @typedef {{deleted: import('./place-deeds.js').Place | null}} PlaceLocal */

/** @type {PlaceLocal} */
export const INITIAL = { deleted: null };

/** @param {PlaceLocal} slice @param {import('./store.js').Happening} happening @returns {PlaceLocal} */
export function reduce(slice, happening) {
  return happening.type === 'place-deleted' ? { deleted: happening.place } : slice;
}
