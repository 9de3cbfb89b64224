/**
 * Loads modules after the page's start, by a network that may be gone just then.
 *
 * Most browsers never import again what they once failed to (whatwg/html#6768). So the files are fetched first, as often
 * as it takes: from then on the browser has them, and imports them from there.
 */

import { request } from './http.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/**
 * What `load` imports, once that is there.
 *
 * @template Module
 * @param {string[]} files the addresses of all that it takes
 * @param {() => Promise<Module>} load
 * @param {() => void} failed told each time that it is not there yet, and will be tried again
 * @returns {Promise<Module>}
 */
export async function insist(files, load, failed) {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      await Promise.all(files.map((file) => request('GET', file, undefined, { asFile: true })));
      return await load();
    } catch {
      failed();
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
