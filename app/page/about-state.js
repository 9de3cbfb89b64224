/** What is known of the program: its version and the libraries in it, once somebody has asked. */

/**
 * @typedef {{name: string, version: string, licence: string, where: 'server' | 'page'}} Library
 * @typedef {{name: string, version: string, licence: string, python: string, system: string,
 *   libraries: Library[]}} About
 */

/** @type {About | null} */
export const INITIAL = null;

/** @param {About | null} about @param {import('./store.js').Happening} happening @returns {About | null} */
export function reduce(about, happening) {
  return happening.type === 'about' ? happening.about : about;
}
