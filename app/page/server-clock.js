/** How many of the latest exchanges are weighed against each other. */
const KEPT = 8;
/** The first exchanges follow each other quickly, the later ones only keep up with clocks that drift or are set. */
export const QUICK_MS = 150;
export const SLOW_MS = 5000;
/** By how much two clocks may drift apart while exchanges are kept: 100 millionths of 40 s, and some. */
const DRIFT_S = 0.005;

/**
 * The server's wall clock, as well as it can be known from here.
 *
 * The server is asked for its time again and again. Its answer is taken for the middle of the exchange, so it is wrong
 * by half the round trip at most; of the latest exchanges the one with the shortest round trip counts. This is how NTP
 * does it (RFC 5905, sections 8 and 10). An exchange that contradicts the earlier ones means that a clock was set:
 * those are forgotten.
 *
 * Local times are those of `performance.now()`, in milliseconds: nobody sets that clock.
 */
export class ServerClock {
  /** @type {{offsetS: number, roundTripS: number}[]} */
  #exchanges = [];
  /** @type {{offsetS: number, roundTripS: number} | null} */
  #best = null;
  #timer = 0;
  /** Counts connections: an answer to an earlier one is not heard. */
  #connection = 0;
  #ask;

  /** @param {() => Promise<number>} ask resolves to the server's time in seconds, rejects when none comes */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Begin anew: there is a connection, perhaps to another server. */
  start() {
    this.stop();
    this.#exchanges = [];
    this.#best = null;
    void this.#exchange(this.#connection);
  }

  /** Ask no more: there is no connection. */
  stop() {
    this.#connection += 1;
    clearTimeout(this.#timer);
  }

  /** The server's time in seconds at a local time, `null` while it is unknown. @returns {number | null} */
  at(/** @type {number} */ localMs) {
    return this.#best && localMs / 1000 + this.#best.offsetS;
  }

  async #exchange(/** @type {number} */ connection) {
    const askedMs = performance.now();
    const serverS = await this.#ask().catch(() => null);
    if (connection !== this.#connection) return;
    const answered = typeof serverS === 'number';
    if (answered) this.#weigh(serverS, askedMs / 1000, performance.now() / 1000);
    const pauseMs = answered && this.#exchanges.length < KEPT ? QUICK_MS : SLOW_MS;
    this.#timer = setTimeout(() => void this.#exchange(connection), pauseMs);
  }

  /** @param {number} serverS @param {number} askedS @param {number} answeredS */
  #weigh(serverS, askedS, answeredS) {
    const exchange = { offsetS: serverS - (askedS + answeredS) / 2, roundTripS: answeredS - askedS };
    const agrees = this.#exchanges.every(
      ({ offsetS, roundTripS }) =>
        Math.abs(offsetS - exchange.offsetS) <= (roundTripS + exchange.roundTripS) / 2 + DRIFT_S,
    );
    this.#exchanges = agrees ? [...this.#exchanges, exchange].slice(-KEPT) : [exchange];
    this.#best = this.#exchanges.reduce((best, other) => (other.roundTripS < best.roundTripS ? other : best));
  }
}
