/**
 * Makes bitmaps of JPEG pictures, in a worker once it has come up, on this thread until then and where there is none: a
 * browser without workers of this form, or one whose worker dies, shows pictures all the same.
 */

/** A worker that takes longer for a picture has died, and need not have said so. */
export const LATE_MS = 5000;

/** @typedef {{resolve: (bitmap: ImageBitmap) => void, reject: (error: Error) => void}} Asker */

export class Decoder {
  /** @type {Worker | null} */
  #worker = null;
  #ready = false;
  /** Those who wait for the worker, in its order. @type {Asker[]} */
  #askers = [];

  /** @param {() => Worker} [start] */
  constructor(start = () => new Worker(new URL('./decode-worker.js', import.meta.url), { type: 'module' })) {
    try {
      this.#worker = start();
    } catch {
      return; // no such workers here
    }
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = () => this.close();
    this.#worker.onmessageerror = () => this.close();
  }

  /** Where pictures are decoded. @returns {'worker' | 'page'} */
  get place() {
    return this.#ready ? 'worker' : 'page';
  }

  /** Decode a picture, whose bytes are given away. @param {ArrayBuffer} jpeg @returns {Promise<ImageBitmap>} */
  decode(jpeg) {
    if (!this.#ready || !this.#worker) return createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
    this.#worker.postMessage(jpeg, [jpeg]);
    const late = setTimeout(() => this.close(), LATE_MS);
    /** @type {Promise<ImageBitmap>} */
    const answer = new Promise((resolve, reject) => this.#askers.push({ resolve, reject }));
    return answer.finally(() => clearTimeout(late));
  }

  /** End the worker; what it had to decode is lost. */
  close() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = false;
    for (const { reject } of this.#askers.splice(0)) reject(new Error('the decoder has ended'));
  }

  #hear(/** @type {ImageBitmap | 'ready' | null} */ answer) {
    if (answer === 'ready') this.#ready = true;
    else if (answer) this.#askers.shift()?.resolve(answer);
    else this.#askers.shift()?.reject(new Error('no JPEG'));
  }
}
