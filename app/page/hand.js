/** A hand on the stage: it pushes at a speed, or by distances as a wheel is turned, until it lets go. */

/** From one push to the next, or longer where the server's answers take longer. */
export const PUSH_MS = 50;
/** What a late push makes up for at most. */
export const MAX_GAP_MS = 250;

/** @typedef {import('./jogger.js').Distance} Distance */
/** @typedef {'x_um' | 'y_um' | 'z_um'} Key */
/** @type {Key[]} */
const KEYS = ['x_um', 'y_um', 'z_um'];

/**
 * Pushes while it is held, and stops the stage as it lets go. A push that is refused is not repeated until the hand goes
 * another way. Speeds are micrometres a second, by the keys of a distance.
 */
export class Hand {
  /** @type {Distance} */
  #speed = {};
  /** What was wanted and not pushed yet. @type {Distance} */
  #owed = {};
  /** The way that was refused, as signs. @type {string | null} */
  #refused = null;
  /** Whether the stage has done anything for it. */
  #moved = false;
  #turn = 0;
  #beatAtMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<boolean> | null} */
  #inFlight = null;
  #push;
  #stop;
  #least;

  /**
   * @param {(distance: Distance) => Promise<boolean>} push resolves to whether it was carried out; never rejects
   * @param {() => Promise<boolean>} stop resolves to whether it came after all that was sent before; never rejects
   * @param {() => Distance} least the smallest distances that move anything: a step of each axis
   */
  constructor(push, stop, least) {
    this.#push = push;
    this.#stop = stop;
    this.#least = least;
  }

  /** Whether it holds the stage. */
  get holds() {
    return this.#moved || this.#timer !== undefined || this.#inFlight !== null;
  }

  /** Go at a speed from now on. @param {Distance} speed */
  steer(speed) {
    this.#speed = speed;
    if (this.#timer !== undefined) return;
    this.#beatAtMs = performance.now() - PUSH_MS;
    this.#beat();
  }

  /** Go by a distance more. @param {Distance} distance */
  nudge(distance) {
    this.#owe(distance, 1);
    void this.#send();
  }

  /** Let go, for whatever reason: what it pushed stops. Harmless where it holds nothing. */
  release() {
    if (this.#moved) return void this.stop();
    const inFlight = this.#inFlight;
    this.#end();
    const turn = this.#turn;
    // What was refused moves nothing; what else moves the stage is none of this hand's to stop.
    void inFlight?.then((done) => done && turn === this.#turn && void this.#stop());
  }

  /** Stop the stage, and let go. */
  async stop() {
    this.#end();
    const inFlight = this.#inFlight;
    const turn = this.#turn;
    // A push that was under way may come in after the stop. That is over once the hand pushes again.
    if (!(await this.#stop()) && inFlight && (await inFlight) && turn === this.#turn && !this.#moved) await this.#stop();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#speed = {};
    this.#owed = {};
    this.#refused = null;
    this.#moved = false;
    this.#turn += 1;
  }

  #beat() {
    const now = performance.now();
    this.#owe(this.#speed, (now - this.#beatAtMs) / 1000);
    this.#forgiveStall();
    this.#beatAtMs = now;
    this.#timer = setTimeout(() => this.#beat(), PUSH_MS);
    void this.#send();
  }

  /** @param {Distance} distance @param {number} times */
  #owe(distance, times) {
    const owed = { ...this.#owed };
    for (const key of KEYS) {
      const um = (distance[key] ?? 0) * times;
      // What was owed the other way is forgotten: the hand has turned round.
      if (um) owed[key] = um * (owed[key] ?? 0) < 0 ? um : (owed[key] ?? 0) + um;
    }
    this.#owed = owed;
  }

  /** What a stall has left owing is not made up for: the stage must not leap. */
  #forgiveStall() {
    for (const key of KEYS) {
      const mostUm = (Math.abs(this.#speed[key] ?? 0) * MAX_GAP_MS) / 1000;
      const owed = this.#owed[key] ?? 0;
      if (mostUm && Math.abs(owed) > mostUm) this.#owed[key] = Math.sign(owed) * mostUm;
    }
  }

  async #send() {
    const least = this.#least();
    const due = KEYS.filter((key) => Math.abs(this.#owed[key] ?? 0) >= (least[key] ?? Infinity));
    if (this.#inFlight || !due.length) return;
    const distance = Object.fromEntries(due.map((key) => [key, this.#owed[key]]));
    this.#owed = Object.fromEntries(Object.entries(this.#owed).filter(([key]) => !(key in distance)));
    const way = JSON.stringify(due.map((key) => [key, Math.sign(distance[key] ?? 0)]));
    if (way === this.#refused) return;
    const turn = this.#turn;
    this.#inFlight = this.#push(distance);
    const done = await this.#inFlight;
    this.#inFlight = null;
    if (turn === this.#turn) {
      this.#moved ||= done;
      this.#refused = done ? null : way;
    }
    void this.#send();
  }
}
