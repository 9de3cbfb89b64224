/**
 * Frames onto the screen: the newest only, in step with the display, each acknowledged once it is painted or given up.
 * Times are those of `performance.now()`, in milliseconds.
 *
 * @typedef {{frame_id: number, width: number, height: number, captured_at: number, dropped: number,
 *   zoom?: import('./field-view.js').Region, position?: import('./store.js').Position | null}} Metadata
 * @typedef {{metadata: Metadata, receivedMs: number}} Received
 * @typedef {Received & {jpeg: ArrayBuffer}} Encoded
 * @typedef {Received & {bitmap: ImageBitmap}} Decoded
 * @typedef {{frameId: number, receivedMs: number, paintedMs?: number}} Done what became of a frame; without
 *   `paintedMs` it was given up
 */

const RATE_WINDOW_MS = 2000;

export class Painter {
  /** Frames whose picture could not be decoded. */
  corrupt = 0;
  /** Frames that a newer one overtook in this page. */
  superseded = 0;
  /** The frame on the screen. @type {Metadata | null} */
  shown = null;
  /** When it was painted. */
  paintedMs = 0;

  /** @type {Encoded | null} */
  #waiting = null;
  #decoding = false;
  #clearings = 0;
  /** @type {Decoded | null} */
  #ready = null;
  /** @type {number[]} */
  #paintedAt = [];
  #decodeJpeg;
  #show;
  #acknowledge;

  /**
   * @param {(jpeg: ArrayBuffer) => Promise<ImageBitmap>} decode
   * @param {(metadata: Metadata, bitmap: ImageBitmap) => void} show puts a picture on the screen, and takes it over
   * @param {(done: Done) => void} acknowledge
   */
  constructor(decode, show, acknowledge) {
    this.#decodeJpeg = decode;
    this.#show = show;
    this.#acknowledge = acknowledge;
  }

  /** Frames painted per second, of late. */
  get fps() {
    const now = performance.now();
    this.#paintedAt = this.#paintedAt.filter((at) => now - at < RATE_WINDOW_MS);
    const [first] = this.#paintedAt;
    const spanMs = now - (first ?? now);
    return spanMs > 0 ? (1000 * this.#paintedAt.length) / Math.max(spanMs, 500) : 0;
  }

  /** Take a frame that has come in. */
  offer(/** @type {Metadata} */ metadata, /** @type {ArrayBuffer} */ jpeg) {
    this.#giveUp(this.#waiting);
    this.#waiting = { metadata, receivedMs: performance.now(), jpeg };
    if (!this.#decoding) void this.#decode();
  }

  /** Give up what is not painted yet: the page is hidden, or the server gone. */
  clear() {
    this.#clearings += 1;
    this.#giveUp(this.#waiting);
    this.#waiting = null;
    this.#dropReady();
  }

  async #decode() {
    this.#decoding = true;
    while (this.#waiting) {
      const { metadata, receivedMs, jpeg } = this.#waiting;
      this.#waiting = null;
      const clearings = this.#clearings;
      try {
        const bitmap = await this.#decodeJpeg(jpeg);
        this.#awaitPaint({ metadata, receivedMs, bitmap });
        if (clearings !== this.#clearings) this.#dropReady();
      } catch {
        this.corrupt += 1;
        this.#acknowledge({ frameId: metadata.frame_id, receivedMs });
      }
    }
    this.#decoding = false;
  }

  #awaitPaint(/** @type {Decoded} */ frame) {
    if (!this.#ready) requestAnimationFrame(() => this.#paint());
    this.#dropReady();
    this.#ready = frame;
  }

  #paint() {
    if (!this.#ready) return;
    const { metadata, receivedMs, bitmap } = this.#ready;
    this.#ready = null;
    this.#show(metadata, bitmap);
    this.shown = metadata;
    this.paintedMs = performance.now();
    this.#paintedAt.push(this.paintedMs);
    this.#acknowledge({ frameId: metadata.frame_id, receivedMs, paintedMs: this.paintedMs });
  }

  #dropReady() {
    this.#ready?.bitmap.close();
    this.#giveUp(this.#ready);
    this.#ready = null;
  }

  #giveUp(/** @type {Received | null} */ frame) {
    if (!frame) return;
    this.superseded += 1;
    this.#acknowledge({ frameId: frame.metadata.frame_id, receivedMs: frame.receivedMs });
  }
}
