/** Those who want to be told something for as long as their signal is not aborted. @template {any[]} Told */
export class Watchers {
  /** @type {Set<(...told: Told) => void>} */
  #watchers = new Set();

  /** Whether there is any. */
  get any() {
    return this.#watchers.size > 0;
  }

  /** @param {(...told: Told) => void} watcher @param {AbortSignal} signal */
  add(watcher, signal) {
    if (signal.aborted) return;
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#watchers.delete(watcher), { once: true });
  }

  /** @param {Told} told */
  tell(...told) {
    for (const watcher of this.#watchers) watcher(...told);
  }
}
