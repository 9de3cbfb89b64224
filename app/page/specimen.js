/** Where on the specimen a place of the camera's field is: micrometres, as the stage counts them. */

import { stageFromPicture } from './optics-state.js';

/**
 * @typedef {import('./field-view.js').Point} Point
 * @typedef {{x_um: number, y_um: number}} Place where the stage stands when that is in the middle of the field
 */

export class Specimen {
  #centre;
  #right;
  #down;

  /**
   * @param {Place} centre what is in the middle of the field
   * @param {Place} right how far the specimen reaches over the field's width
   * @param {Place} down and over its height
   */
  constructor(centre, right, down) {
    this.#centre = centre;
    this.#right = right;
    this.#down = down;
  }

  /** The specimen in a picture; `null` where it is not known how large its pixels are.
   *
   * @param {import('./optics-state.js').Seen} state
   * @param {import('./painter.js').Metadata} metadata
   */
  static in(state, metadata) {
    const right = stageFromPicture(state, metadata, metadata.width, 0);
    const down = stageFromPicture(state, metadata, 0, metadata.height);
    if (!right || !down) return null;
    const size = metadata.zoom?.size ?? 1;
    // Without a stage, nothing moves: any place will do.
    return new Specimen(metadata.position ?? { x_um: 0, y_um: 0 }, times(right, 1 / size), times(down, 1 / size));
  }

  /** Micrometres over the field's width. */
  get width_um() {
    return Math.hypot(this.#right.x_um, this.#right.y_um);
  }

  /** @param {Point} place of the field @returns {Place} */
  at(place) {
    const [x, y] = [place.x - 0.5, place.y - 0.5];
    return {
      x_um: this.#centre.x_um + x * this.#right.x_um + y * this.#down.x_um,
      y_um: this.#centre.y_um + x * this.#right.y_um + y * this.#down.y_um,
    };
  }

  /** The place of the field where that is seen. @param {Place} place @returns {Point} */
  find({ x_um, y_um }) {
    const [x, y] = [x_um - this.#centre.x_um, y_um - this.#centre.y_um];
    const [right, down] = [this.#right, this.#down];
    const determinant = right.x_um * down.y_um - right.y_um * down.x_um;
    return {
      x: 0.5 + (x * down.y_um - y * down.x_um) / determinant,
      y: 0.5 + (y * right.x_um - x * right.y_um) / determinant,
    };
  }
}

/** @param {Place} place @param {number} factor @returns {Place} */
function times({ x_um, y_um }, factor) {
  return { x_um: x_um * factor, y_um: y_um * factor };
}
