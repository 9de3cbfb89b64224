/**
 * What this browser remembers of its user's taste, or this tab of what its user was at. Where it may keep nothing, every
 * choice lasts until it is left.
 */

/** @typedef {'localStorage' | 'sessionStorage'} Where the browser, or this tab alone */

/** @param {string} name @param {Where} [where] @returns {string | null} */
export function read(name, where = 'localStorage') {
  try {
    return globalThis[where].getItem(`eyepiece.${name}`);
  } catch {
    return null; // no such storage, or forbidden by the browser's settings
  }
}

/** @param {string} name @param {string} value @param {Where} [where] */
export function keep(name, value, where = 'localStorage') {
  try {
    globalThis[where].setItem(`eyepiece.${name}`, value);
  } catch {
    // Forbidden, or full: it is a taste, not a picture.
  }
}
