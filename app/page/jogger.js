/** A press of a jog button, from the first step to the stop. */

/** How long a button is held before its steps repeat. */
export const HOLD_MS = 400;
/** From one repeated step to the next, or longer where the server's answers take longer. */
export const REPEAT_MS = 100;

/** @typedef {{x_um?: number, y_um?: number, z_um?: number}} Distance */

/** Jogs once as a press begins, goes on jogging while it is held, and stops the stage as a held press ends. */
export class Jogger {
  /** @type {Distance | null} */
  #held = null;
  #repeating = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<boolean> | null} */
  #inFlight = null;
  #jog;
  #stop;

  /**
   * @param {(distance: Distance) => Promise<boolean>} jog resolves to whether it was carried out; never rejects
   * @param {() => Promise<void>} stop never rejects
   */
  constructor(jog, stop) {
    this.#jog = jog;
    this.#stop = stop;
  }

  /** A press begins. */
  press(/** @type {Distance} */ distance) {
    this.release();
    this.#held = distance;
    void this.#step();
    this.#timer = setTimeout(() => this.#repeat(), HOLD_MS);
  }

  /** The press ends, for whatever reason; harmless when there is none. */
  release() {
    clearTimeout(this.#timer);
    this.#held = null;
    if (this.#repeating) void this.stop();
    this.#repeating = false;
  }

  /** Stop the stage, and end any press. */
  async stop() {
    clearTimeout(this.#timer);
    this.#held = null;
    this.#repeating = false;
    const inFlight = this.#inFlight;
    await this.#stop();
    // A jog that was under way may have come in after the stop.
    if (inFlight) {
      await inFlight;
      await this.#stop();
    }
  }

  async #repeat() {
    const held = this.#held;
    this.#repeating = true;
    while (this.#held && this.#held === held) {
      const pause = new Promise((resolve) => setTimeout(resolve, REPEAT_MS));
      if (!(await this.#step()) && this.#held === held) {
        this.release();
        return;
      }
      await pause;
    }
  }

  async #step() {
    if (!this.#held) return false;
    const step = this.#jog(this.#held);
    this.#inFlight = step;
    const done = await step;
    if (this.#inFlight === step) this.#inFlight = null;
    return done;
  }
}
