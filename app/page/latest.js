/** The least time from one request to the next. */
export const PAUSE_MS = 50;

/**
 * Sends the newest of many changes, one request at a time: a slider never makes a queue.
 *
 * @template Answer
 */
export class Latest {
  /** @type {object | null} */
  #waiting = null;
  #sending = false;
  #send;
  #settled;
  #join;

  /**
   * @param {(change: any) => Promise<Answer>} send
   * @param {(answer?: Answer, problem?: Error) => void} settled told the answer to the last change, or why it was
   *   refused; not told of those in between
   * @param {(one: any, other: any) => any} [join] two changes as one
   */
  constructor(send, settled, join = (one, other) => ({ ...one, ...other })) {
    this.#send = send;
    this.#settled = settled;
    this.#join = join;
  }

  /** Have a change sent; what waits and is not named again goes with it. */
  push(/** @type {object} */ change) {
    this.#waiting = this.#join(this.#waiting ?? {}, change);
    if (!this.#sending) void this.#run();
  }

  async #run() {
    this.#sending = true;
    let answer;
    let problem;
    while (this.#waiting) {
      const change = this.#waiting;
      const pause = new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      this.#waiting = null;
      problem = undefined;
      try {
        answer = await this.#send(change);
      } catch (error) {
        problem = /** @type {Error} */ (error);
      }
      if (this.#waiting) await pause;
    }
    this.#sending = false;
    this.#settled(problem ? undefined : answer, problem);
  }
}
