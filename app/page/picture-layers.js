/**
 * The live picture, placed where its part of the field lies, above the last picture of more of it: while the camera
 * shows a part of its field, or is about to show another one, the rest stays in sight as it was.
 */

import { isWithin } from './camera-region.js';
import { WHOLE, boxOf } from './field-view.js';

/**
 * @typedef {import('./painter.js').Metadata} Metadata
 * @typedef {import('./specimen.js').Specimen} Specimen
 */

/** By so much of the field a picture may have moved without being of another place. */
const STILL = 1e-4;

class Layer {
  /** What the canvas shows. @type {Metadata | null} */
  shown = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    // What is transferred is not copied.
    this.context = /** @type {ImageBitmapRenderingContext} */ (canvas.getContext('bitmaprenderer', { alpha: false }));
  }

  get region() {
    return this.shown?.zoom ?? WHOLE;
  }

  /** @param {Metadata} metadata @param {ImageBitmap} bitmap */
  show(metadata, bitmap) {
    const { canvas } = this;
    // Setting the size clears the canvas, so only when it changes.
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    this.context.transferFromImageBitmap(bitmap);
    this.shown = metadata;
  }

  /** @param {import('./field-view.js').View} view @param {import('./field-view.js').Pane} pane */
  place(view, pane, shift = { x: 0, y: 0 }) {
    const { size } = this.region;
    const { x, y, width, height } = boxOf(view, pane, { x: this.region.x + shift.x, y: this.region.y + shift.y, size });
    const { style } = this.canvas;
    style.transform = `matrix(${width / this.canvas.width}, 0, 0, ${height / this.canvas.height}, ${x}, ${y})`;
  }
}

export class PictureLayers {
  #front;
  #back;

  /** @param {HTMLCanvasElement} one @param {HTMLCanvasElement} other two canvases that lie upon each other */
  constructor(one, other) {
    this.#front = new Layer(one);
    this.#back = new Layer(other);
    this.#stack();
  }

  /** The canvas with the newest picture. */
  get canvas() {
    return this.#front.canvas;
  }

  /** Show a picture, which is taken over. @param {Metadata} metadata @param {ImageBitmap} bitmap */
  show(metadata, bitmap) {
    const region = metadata.zoom ?? WHOLE;
    const [front, back] = [this.#front, this.#back];
    if (front.shown && !isWithin(front.region, region) && (!back.shown || front.region.size >= back.region.size)) {
      [this.#front, this.#back] = [back, front];
      this.#stack();
    }
    if (this.#back.shown && isWithin(this.#back.region, region)) this.#back.shown = null;
    this.#front.show(metadata, bitmap);
  }

  /**
   * Put both where they belong.
   *
   * @param {import('./field-view.js').View} view
   * @param {import('./field-view.js').Pane} pane
   * @param {(metadata: Metadata) => Specimen | null} specimenIn
   */
  place(view, pane, specimenIn) {
    this.#front.place(view, pane);
    const shift = this.#shift(specimenIn);
    this.#back.canvas.hidden = !shift;
    if (shift) this.#back.place(view, pane, shift);
  }

  /**
   * How far the stage has carried away what the picture below shows; `null` where there is none, or nobody knows.
   *
   * @param {(metadata: Metadata) => Specimen | null} specimenIn
   */
  #shift(specimenIn) {
    const [front, back] = [this.#front.shown, this.#back.shown];
    if (!front || !back) return null;
    const [now, then] = [front.position, back.position];
    if (now?.x_um === then?.x_um && now?.y_um === then?.y_um) return { x: 0, y: 0 };
    const [specimen, before] = [specimenIn(front), specimenIn(back)];
    if (!specimen || !before) return null;
    const { x, y } = specimen.find(before.at({ x: 0.5, y: 0.5 }));
    const shift = { x: x - 0.5, y: y - 0.5 };
    return Math.hypot(shift.x, shift.y) < STILL ? { x: 0, y: 0 } : shift;
  }

  #stack() {
    for (const [{ canvas }, name] of /** @type {const} */ ([[this.#back, 'back'], [this.#front, 'front']])) {
      canvas.className = name;
      canvas.hidden = name === 'back';
    }
  }
}
