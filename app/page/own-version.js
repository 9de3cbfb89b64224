/** Which version of the page this is, and whether the server has another by now. */

/** The name of the folder that all the page's files came from; it changes with any of them. */
const OWN = /\/page\/([0-9a-f]{16})\//.exec(import.meta.url)?.[1] ?? null;

/** Where it is noted, for as long as the tab lives, that the page was loaded anew for a version. */
const NOTED = 'eyepiece.reloaded-for';

/**
 * The version that the server has, where it is not this one.
 *
 * @param {{page?: string} | null} server the state's section
 * @param {string | null} [own]
 * @returns {string | null}
 */
export function newerVersion(server, own = OWN) {
  return own && server?.page && server.page !== own ? server.page : null;
}

/**
 * Load the page anew, once a version: where that brings the old one again, somebody between keeps it.
 *
 * @param {string} version
 * @returns {boolean} whether it is being loaded
 */
export function loadAnew(version) {
  try {
    if (sessionStorage.getItem(NOTED) === version) return false;
    sessionStorage.setItem(NOTED, version);
  } catch {
    return false; // nothing can be noted: it might go on for ever
  }
  location.reload();
  return true;
}
