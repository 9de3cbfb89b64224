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
  #presses = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<boolean> | null} */
  #inFlight = null;
  #jog;
  #stop;

  /**
   * @param {(distance: Distance) => Promise<boolean>} jog resolves to whether it was carried out; never rejects
   * @param {() => Promise<boolean>} stop resolves to whether it came after all that was sent before; never rejects
   */
  constructor(jog, stop) {
    this.#jog = jog;
    this.#stop = stop;
  }

  /** A press begins. */
  press(/** @type {Distance} */ distance) {
    this.release();
    this.#presses += 1;
    this.#held = distance;
    this.#timer = setTimeout(() => this.#repeat(), HOLD_MS);
    void this.#begin(this.#presses);
  }

  /** The press ends, for whatever reason; harmless when there is none. */
  release() {
    if (this.#repeating) void this.stop();
    else this.#end();
  }

  /** Stop the stage, and end any press. */
  async stop() {
    this.#end();
    const inFlight = this.#inFlight;
    const presses = this.#presses;
    // A jog that was under way may come in after the stop. That is over once a new press has begun.
    if (!(await this.#stop()) && inFlight && (await inFlight) && presses === this.#presses) await this.#stop();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#held = null;
    this.#repeating = false;
  }

  async #begin(/** @type {number} */ press) {
    // Refused: something else moves the stage, and is none of this press's to stop.
    if (!(await this.#step()) && press === this.#presses) this.#end();
  }

  async #repeat() {
    const held = this.#held;
    this.#repeating = true;
    while (this.#held && this.#held === held) {
      const pause = new Promise((resolve) => setTimeout(resolve, REPEAT_MS));
      if (!(await this.#step())) {
        if (this.#held === held) this.#end();
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
