/** Does something for as long as an element can be seen: one in a closed panel, or scrolled away, costs nothing. */
export class WhileSeen {
  #host;
  #begin;
  /** @type {IntersectionObserver | null} */
  #observer = null;
  /** @type {AbortController | null} */
  #until = null;

  /**
   * @param {import('lit').ReactiveElement} host
   * @param {(signal: AbortSignal) => void} begin the signal is aborted when the element is seen no more
   */
  constructor(host, begin) {
    this.#host = host;
    this.#begin = begin;
    host.addController(this);
  }

  hostConnected() {
    this.#observer = new IntersectionObserver((entries) => this.#see(Boolean(entries.at(-1)?.isIntersecting)));
    this.#observer.observe(this.#host);
  }

  hostDisconnected() {
    this.#observer?.disconnect();
    this.#see(false);
  }

  #see(/** @type {boolean} */ seen) {
    if (seen === Boolean(this.#until)) return;
    this.#until?.abort();
    this.#until = seen ? new AbortController() : null;
    if (this.#until) this.#begin(this.#until.signal);
  }
}
