import { Watchers } from './watchers.js';

/** The least time from one look to the next. */
export const EVERY_MS = 200;

/**
 * @typedef {import('./tones.js').Tones & {width: number, height: number,
 *   zoom?: {x: number, y: number, size: number}}} MeasuredTones `width` and `height` are the mask's
 */

/** Has a worker look at some of the frames for their tones, for as long as anybody wants to know. */
export class ToneMeter {
  /** @type {Worker | null} */
  #worker = null;
  #broken = false;
  #askedMs = -Infinity;
  /** The frame that is being looked at. @type {any} */
  #asked = null;
  /** @type {Watchers<[MeasuredTones]>} */
  #watchers = new Watchers();
  #start;

  /** @param {() => Worker} [start] */
  constructor(start = () => new Worker(new URL('./tone-worker.js', import.meta.url), { type: 'module' })) {
    this.#start = start;
  }

  /** @param {(tones: MeasuredTones) => void} watcher @param {AbortSignal} signal */
  watch(watcher, signal) {
    this.#watchers.add(watcher, signal);
    signal.addEventListener('abort', () => this.#watchers.any || this.#close(), { once: true });
  }

  /** Take a frame; most are not looked at. @param {any} metadata @param {ArrayBuffer} jpeg */
  offer(metadata, jpeg) {
    const now = performance.now();
    if (!this.#watchers.any || this.#broken || this.#asked || now - this.#askedMs < EVERY_MS) return;
    this.#open();
    this.#asked = metadata;
    this.#askedMs = now;
    // A copy: the picture is the view's, which may give it away.
    const copy = jpeg.slice(0);
    this.#worker?.postMessage(copy, [copy]);
  }

  #open() {
    if (this.#worker) return;
    try {
      this.#worker = this.#start();
    } catch {
      this.#broken = true; // no such workers here
      return;
    }
    this.#worker.onmessage = ({ data }) => {
      const { zoom } = this.#asked;
      this.#asked = null;
      if (data) this.#watchers.tell({ ...data, zoom });
    };
    this.#worker.onerror = () => {
      this.#broken = true;
      this.#close();
    };
  }

  #close() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#asked = null;
  }
}
