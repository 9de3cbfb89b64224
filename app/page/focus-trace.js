/**
 * How sharp the picture has been of late, and the sharpest that it has been at this place of the specimen.
 *
 * @typedef {{x_um: number, y_um: number, z_um: number}} Position
 * @typedef {{atMs: number, score: number, z_um: number | null}} Sample
 * @typedef {'sharper' | 'blurrier' | 'sharpest' | 'still'} Trend
 */

/** How far back the trace goes. */
export const SPAN_MS = 20_000;
/** The specimen has been carried so far: what was sharpest elsewhere says nothing here. */
const ELSEWHERE_UM = 20;
/** From this part of the best on, nobody sees a difference. */
export const SHARP = 0.97;
const TREND_MS = 1200;
/** Focus has been turned if it moved by so much. */
const TURNED_UM = 0.3;
const CHANGED = 0.02;
const NOWHERE = { from_um: Infinity, to_um: -Infinity };

export class FocusTrace {
  /** The oldest first. @type {Sample[]} */
  samples = [];
  /** The sharpest one since the specimen came to its place. @type {Sample | null} */
  best = null;
  /** @type {Position | null} */
  #place = null;
  #view = '';
  /** Between which heights it was less sharp than at the best. */
  #worse = NOWHERE;
  #sinceMs = 0;

  /** The newest sample. */
  get now() {
    return this.samples.at(-1) ?? null;
  }

  /** How sharp it is, of the best: 0 to 1; `null` where nothing is known. */
  get part() {
    return this.now && this.best && this.best.score > 0 ? Math.min(1, this.now.score / this.best.score) : null;
  }

  /** What to tell whoever turns the focus. @returns {Trend} */
  get trend() {
    const { now, part } = this;
    if (!now || part === null) return 'still';
    if (part >= SHARP && this.#hasPassed) return 'sharpest';
    const then = this.samples.find(({ atMs }) => atMs >= now.atMs - TREND_MS) ?? now;
    const turned = now.z_um === null || then.z_um === null ? 0 : Math.abs(now.z_um - then.z_um);
    const change = now.score / Math.max(then.score, 1e-6) - 1;
    if (turned >= TURNED_UM && change < -CHANGED) return 'blurrier';
    return turned >= TURNED_UM && change > CHANGED ? 'sharper' : 'still';
  }

  /** Take what a frame says of itself. @param {any} metadata @param {number} atMs */
  add({ focus_score, position, zoom }, atMs) {
    if (typeof focus_score !== 'number') return;
    const view = zoom ? `${zoom.x} ${zoom.y} ${zoom.size}` : '';
    if (view !== this.#view || isElsewhere(position, this.#place)) this.forget(position, view);
    const sample = { atMs, score: focus_score, z_um: position?.z_um ?? null };
    this.samples = [...this.samples.filter((each) => atMs - each.atMs < SPAN_MS), sample];
    if (!this.best || focus_score > this.best.score) {
      this.best = sample;
      // Now some may be worse that were not before.
      for (const each of this.samples) if (each.atMs >= this.#sinceMs) this.#compare(each);
    }
    this.#compare(sample);
  }

  /** Begin anew: the best is what comes now. @param {Position | null} [place] @param {string} [view] */
  forget(place = this.#place, view = this.#view) {
    this.#place = place;
    this.#view = view;
    this.best = null;
    this.#worse = NOWHERE;
    this.#sinceMs = this.now ? this.now.atMs + 1 : 0;
  }

  /** @param {Sample} sample */
  #compare({ score, z_um }) {
    if (z_um === null || !this.best || score >= SHARP * this.best.score) return;
    const { from_um, to_um } = this.#worse;
    this.#worse = { from_um: Math.min(from_um, z_um), to_um: Math.max(to_um, z_um) };
  }

  /** Whether the best lies between worse ones, so that it is known to be one. */
  get #hasPassed() {
    const z_um = this.best?.z_um ?? null;
    return z_um !== null && this.#worse.from_um < z_um && z_um < this.#worse.to_um;
  }
}

/** @param {Position | null | undefined} position @param {Position | null} place */
function isElsewhere(position, place) {
  if (!position || !place) return Boolean(position) !== Boolean(place);
  return Math.hypot(position.x_um - place.x_um, position.y_um - place.y_um) > ELSEWHERE_UM;
}
