/**
 * Which part of the field is looked at, and which the camera is asked for.
 *
 * As long as nobody has zoomed or panned here, the view follows the camera: what it shows fits the pane, whoever chose
 * that. After that the view is the user's own, whatever the camera shows. The camera is asked for another region only
 * when the user has moved the view, never because others moved the camera, so that two viewers do not quarrel.
 */

import { alike, regionFor, smallestRegion, suits } from './camera-region.js';
import { FITTED, WHOLE, fitted, kept, panned, pinched, zoomed } from './field-view.js';

/**
 * @typedef {import('./field-view.js').Point} Point
 * @typedef {import('./field-view.js').Region} Region
 * @typedef {import('./camera-region.js').Sizes} Sizes
 */

/** The view has to rest for so long before the camera is asked. */
export const REST_MS = 250;
/** A camera that was asked and does not follow until then was refused, or others asked for something else. */
export const PATIENCE_MS = 3000;

export class ViewKeeper {
  /** @type {import('./field-view.js').View} */
  view = FITTED;
  /** @type {import('./field-view.js').Pane} */
  pane = { width: 1, height: 1, aspect: 16 / 9 };
  /** What the camera shows. @type {Region} */
  region = WHOLE;
  /** The camera, if this viewer may ask it for a region. @type {Sizes | null} */
  camera = null;
  #following = true;
  /** @type {Region | null} */
  #asked = null;
  #askedMs = 0;
  #timer = 0;
  #changed;
  #ask;

  /**
   * @param {() => void} changed told after each change of the view
   * @param {(region: Region) => void} ask asks the camera for a region
   */
  constructor(changed, ask) {
    this.#changed = changed;
    this.#ask = ask;
  }

  /** Whether all is seen that there can be. */
  get fits() {
    return this.#following;
  }

  resize(/** @type {number} */ width, /** @type {number} */ height) {
    if (!width || !height) return;
    this.pane = { ...this.pane, width, height };
    this.#set(this.view);
  }

  /** Take note of what the picture that is to be painted shows. @param {import('./painter.js').Metadata} metadata */
  shows({ width, height, zoom = WHOLE }) {
    const aspect = width / height;
    // Half a picture is rounded to whole pixels.
    if (Math.abs(aspect / this.pane.aspect - 1) > 0.01) this.pane = { ...this.pane, aspect };
    const { region } = this;
    if (zoom.x === region.x && zoom.y === region.y && zoom.size === region.size) return;
    this.region = zoom;
    const asked = this.#pending;
    if (asked && !alike(zoom, asked)) return;
    this.#asked = null;
    if (this.#following) this.#set(fitted(zoom));
  }

  /** Larger by a factor, around a point of the pane or its middle. @param {number} factor @param {Point} [at] */
  zoom(factor, at = { x: this.pane.width / 2, y: this.pane.height / 2 }) {
    this.#move(zoomed(this.view, this.pane, factor, at));
  }

  pan(/** @type {number} */ dx, /** @type {number} */ dy) {
    this.#move(panned(this.view, this.pane, dx, dy));
  }

  /** @param {[Point, Point]} before @param {[Point, Point]} after */
  pinch(before, after) {
    this.#move(pinched(this.view, this.pane, before, after));
  }

  /** See all: the whole field, or as much as the camera shows where it cannot be asked for more. */
  fit() {
    this.#following = true;
    this.#set(this.camera ? FITTED : fitted(this.region));
    this.#askSoon(0);
  }

  /** Ask for nothing any more. */
  close() {
    clearTimeout(this.#timer);
  }

  get #pending() {
    return this.#asked && performance.now() - this.#askedMs < PATIENCE_MS ? this.#asked : null;
  }

  #move(/** @type {import('./field-view.js').View} */ view) {
    const { x, y, scale } = this.view;
    if (view.x === x && view.y === y && view.scale === scale) return;
    this.#following = false;
    this.#set(view);
    this.#askSoon(REST_MS);
  }

  #set(/** @type {import('./field-view.js').View} */ view) {
    this.view = kept(view);
    this.#changed();
  }

  #askSoon(/** @type {number} */ restMs) {
    clearTimeout(this.#timer);
    if (restMs) this.#timer = setTimeout(() => this.#askNow(), restMs);
    else this.#askNow();
  }

  #askNow() {
    if (!this.camera) return;
    const smallest = smallestRegion(this.camera);
    const wanted = this.#following ? WHOLE : regionFor(this.view, this.pane, smallest);
    const now = this.#pending ?? this.region;
    if (alike(now, wanted) || (!this.#following && suits(now, this.view, this.pane, smallest))) return;
    this.#asked = wanted;
    this.#askedMs = performance.now();
    this.#ask(wanted);
  }
}
