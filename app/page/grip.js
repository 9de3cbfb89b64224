/** A pointer that holds something, and every way in which it can lose it. */

export class Grip {
  /** @type {number | null} */
  #pointer = null;
  #lost;

  /** @param {() => void} lost called once as the hold ends, for whatever reason */
  constructor(lost) {
    this.#lost = lost;
  }

  /** Whether this pointer holds. @param {PointerEvent} event */
  holds(event) {
    return event.pointerId === this.#pointer;
  }

  /** Take hold, if nothing else does: the element keeps the pointer, wherever it goes. @returns {boolean} */
  take(/** @type {PointerEvent & {currentTarget: Element}} */ event) {
    if (event.button !== 0 || this.#pointer !== null) return false;
    this.#pointer = event.pointerId;
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
    this.#lost();
  };
}
