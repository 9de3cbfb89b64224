/** Asks for the parts of the list of pictures that somebody shows, a few at a time, what is shown now first. */

import { PAGE_SIZE, missingPages } from './album-state.js';

const MOST_AT_ONCE = 2;
/** After a request that failed. */
const REST_MS = 3000;

/** @typedef {{readonly isConnected: boolean}} Who an element, which shows something for as long as it is in the page */

export class AlbumPages {
  /** What everybody shows. @type {Map<Who, [number, number]>} */
  #shown = new Map();
  /** @type {Set<number>} */
  #underWay = new Set();
  #restUntil = -Infinity;
  #store;
  #request;
  #tell;

  /**
   * @param {import('./store.js').Store} store
   * @param {typeof import('./http.js').request} request
   * @param {(problem: unknown) => void} tell
   */
  constructor(store, request, tell) {
    this.#store = store;
    this.#request = request;
    this.#tell = tell;
  }

  /** Somebody shows the pictures from one place to before another. @param {Who} who @param {number} from @param {number} to */
  show(who, from, to) {
    this.#shown.delete(who); // the last who said so comes first
    this.#shown.set(who, [from, to]);
    this.#ask();
  }

  /** The part of the list around a picture. @param {string} id */
  async find(id) {
    try {
      await this.#load(`around=${id}&`);
    } catch (problem) {
      const absent = /** @type {import('./problems.js').Problem} */ (problem).code === 'not-found';
      if (absent) this.#store.dispatch({ type: 'album-absent', id }); // which is said in its place
      else this.#tell(problem);
    }
  }

  #ask() {
    const { connection, local } = this.#store.state;
    // Who is connected is shown the pictures anew.
    if (connection !== 'connected' || performance.now() < this.#restUntil) return;
    const { album } = local;
    for (const who of this.#shown.keys()) if (!who.isConnected) this.#shown.delete(who);
    const ranges = [...this.#shown.values()].reverse();
    const wanted = ranges.flatMap(([from, to]) => missingPages(album, from, to));
    for (const offset of new Set(wanted)) {
      if (this.#underWay.size >= MOST_AT_ONCE) return;
      if (!this.#underWay.has(offset)) void this.#askFor(offset);
    }
  }

  /** @param {number} offset */
  async #askFor(offset) {
    this.#underWay.add(offset);
    try {
      await this.#load(`offset=${offset}&`);
    } catch (problem) {
      this.#restUntil = performance.now() + REST_MS;
      setTimeout(() => this.#ask(), REST_MS + 1);
      this.#tell(problem);
    }
    this.#underWay.delete(offset);
    this.#ask();
  }

  /** Throws `Problem` where it does not come. @param {string} where */
  async #load(where) {
    const page = await this.#request('GET', `/api/images?${where}limit=${PAGE_SIZE}`);
    this.#store.dispatch({ type: 'album-page', page });
  }
}
