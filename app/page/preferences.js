/** What this browser remembers of its user's taste. Where it may keep nothing, every choice lasts until it is left. */

/** @param {string} name @returns {string | null} */
export function read(name) {
  try {
    return localStorage.getItem(`eyepiece.${name}`);
  } catch {
    return null; // no such storage, or forbidden by the browser's settings
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(`eyepiece.${name}`, value);
  } catch {
    // Forbidden, or full: it is a taste, not a picture.
  }
}
