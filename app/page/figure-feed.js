import { INITIAL, reduce, since } from './figures.js';

export const INTERVAL_MS = 1000;
const TIMEOUT_MS = 5000;

/**
 * The dashboard's end of the server: asks for its figures every second, for as long as somebody looks, and holds what is known
 * of them.
 */
export class FigureFeed {
  /** @type {import('./figures.js').State} */
  state = INITIAL;
  /** Told each new state. @type {(state: import('./figures.js').State) => void} */
  onchange = () => {};
  #timer = 0;
  #running = false;
  #asking = false;
  #request;

  /** @param {typeof import('./http.js').request} request */
  constructor(request) {
    this.#request = request;
  }

  /** Look, or look away. */
  show(/** @type {boolean} */ visible) {
    if (visible === this.#running) return;
    this.#running = visible;
    clearTimeout(this.#timer);
    if (visible && !this.#asking) void this.#ask();
  }

  /** Stop the stage: that is in reach wherever one looks. @returns {Promise<string>} why it was not done, '' where it was */
  async stop() {
    try {
      await this.#request('POST', '/api/stage/stop', undefined, { keepalive: true });
      return '';
    } catch (problem) {
      return /** @type {Error} */ (problem).message;
    }
  }

  async #ask() {
    this.#asking = true;
    const askedMs = performance.now();
    const sinceS = since(this.state);
    const query = sinceS === undefined ? '' : `?since=${sinceS}`;
    try {
      const figures = await this.#request('GET', `/api/figures${query}`, undefined, { timeout_ms: TIMEOUT_MS });
      this.#change({ type: 'answer', figures });
    } catch (problem) {
      this.#change({ type: 'failure', problem: /** @type {Error} */ (problem).message });
    }
    this.#asking = false;
    const pauseMs = Math.max(0, INTERVAL_MS - (performance.now() - askedMs));
    if (this.#running) this.#timer = setTimeout(() => void this.#ask(), pauseMs);
  }

  #change(/** @type {import('./figures.js').Happening} */ happening) {
    this.state = reduce(this.state, happening);
    this.onchange(this.state);
  }
}
