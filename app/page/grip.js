/**
 * A pointer that holds something, and every way in which it can lose it. A controller of its element: that the element is
 * disabled (the stage or the connection is lost) or taken away ends the hold, and what comes back does not go on by itself.
 *
 * @typedef {import('lit').ReactiveControllerHost & {disabled: boolean}} Host
 */

export class Grip {
  /** @type {number | null} */
  #pointer = null;
  /** From the element that took it outwards. @type {EventTarget[]} */
  #path = [];
  #host;
  #lost;

  /**
   * @param {Host} host
   * @param {(from: HTMLElement) => void} lost called once as the hold ends, for whatever reason, with an element from which
   *   that can be told: where the host is taken away, the page hears nothing from it
   */
  constructor(host, lost) {
    this.#host = host;
    this.#lost = lost;
    host.addController(this);
  }

  hostUpdate() {
    if (this.#host.disabled) this.end();
  }

  hostDisconnected() {
    this.end();
  }

  /** Whether this pointer holds. @param {PointerEvent} event */
  holds(event) {
    return event.pointerId === this.#pointer;
  }

  /** Take hold, if nothing else does: the element keeps the pointer, wherever it goes. @returns {boolean} */
  take(/** @type {PointerEvent & {currentTarget: Element}} */ event) {
    if (event.button !== 0 || this.#pointer !== null) return false;
    this.#pointer = event.pointerId;
    this.#path = event.composedPath();
    event.currentTarget.setPointerCapture(event.pointerId);
    window.addEventListener('blur', this.end);
    window.addEventListener('pagehide', this.end);
    document.addEventListener('visibilitychange', this.end);
    return true;
  }

  /** The pointer went up, was cancelled, or was captured by something else. */
  ended = (/** @type {PointerEvent} */ event) => {
    if (this.holds(event)) this.end();
  };

  /** Let go. Harmless where nothing is held. */
  end = () => {
    if (this.#pointer === null) return;
    this.#pointer = null;
    window.removeEventListener('blur', this.end);
    window.removeEventListener('pagehide', this.end);
    document.removeEventListener('visibilitychange', this.end);
    const from = this.#path.find((node) => node instanceof HTMLElement && node.isConnected) ?? document.body;
    this.#lost(/** @type {HTMLElement} */ (from));
  };
}
