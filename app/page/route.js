/** Where in the page one is: the hash of its address. */

/** What can be seen, the live picture first. */
export const VIEWS = /** @type {const} */ (['live', 'gallery', 'settings', 'about']);

/** @typedef {typeof VIEWS[number]} View */
/** @typedef {{view: View, path: string}} Route `path` is what follows the view's name, for the view to read */

/** `#/gallery/abc` is the gallery's `abc`; what is unknown is the live picture. @param {string} hash @returns {Route} */
export function routeOf(hash) {
  const [name, ...path] = hash.replace(/^#\/?/, '').split('/');
  const view = VIEWS.find((known) => known === name);
  return view ? { view, path: path.join('/') } : { view: 'live', path: '' };
}

/** The address of a view. @param {View} view @param {string} [path] */
export function hrefOf(view, path = '') {
  return view === 'live' ? '#/' : `#/${view}${path && `/${path}`}`;
}
