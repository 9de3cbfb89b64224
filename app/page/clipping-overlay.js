import { LitElement, css, html } from 'lit';

import { want } from './controls.js';
import { WhileSeen } from './seen.js';
import { BLACK, BLOWN } from './tones.js';

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** Pixels of the mask that a stripe and its gap take together: what lies under it can still be seen. */
const STRIPES = 4;

/**
 * Marks in the picture what is blown out and what is black, with stripes. It lies over the live view; where the whole
 * field does not just fit in there, it has to be told where that is.
 */
export class ClippingOverlay extends LitElement {
  static properties = { field: { attribute: false }, tones: { state: true } };

  static styles = css`
    :host {
      display: block;
      position: absolute;
      inset: 0;
      overflow: hidden;
      pointer-events: none;
    }
    canvas {
      position: absolute;
      image-rendering: pixelated;
    }
  `;

  constructor() {
    super();
    /** The whole field's box, in CSS pixels from the upper left. @type {Box | null} */
    this.field = null;
    /** @type {import('./tone-meter.js').MeasuredTones | null} */
    this.tones = null;
    new WhileSeen(this, (signal) =>
      want(this, { type: 'tones-watch', watcher: (tones) => (this.tones = tones), signal }),
    );
  }

  render() {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector('canvas'));
    if (changed.has('tones') && this.tones) this.paint(canvas, this.tones);
    if (!this.tones) return;
    const { x, y, width, height } = this.field ?? this.fitting(this.tones);
    const zoom = (this.field && this.tones.zoom) ?? { x: 0, y: 0, size: 1 };
    Object.assign(canvas.style, {
      left: `${x + zoom.x * width}px`,
      top: `${y + zoom.y * height}px`,
      width: `${zoom.size * width}px`,
      height: `${zoom.size * height}px`,
    });
  }

  /** Where a picture is that just fits in. @param {import('./tone-meter.js').MeasuredTones} tones @returns {Box} */
  fitting({ width, height }) {
    const scale = Math.min(this.clientWidth / width, this.clientHeight / height);
    const box = { width: scale * width, height: scale * height };
    return { x: (this.clientWidth - box.width) / 2, y: (this.clientHeight - box.height) / 2, ...box };
  }

  /** @param {HTMLCanvasElement} canvas @param {import('./tone-meter.js').MeasuredTones} tones */
  paint(canvas, { mask, width, height }) {
    canvas.width = width; // which clears it
    canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context) return;
    const style = getComputedStyle(this);
    for (const [kind, name] of /** @type {const} */ ([[BLOWN, '--clipped-bright'], [BLACK, '--clipped-dark']])) {
      context.fillStyle = style.getPropertyValue(name);
      for (const [left, top] of striped(mask, width, kind)) context.fillRect(left, top, 1, 1);
    }
  }
}

/** The places of a kind that are on a stripe. @param {Uint8Array} mask @param {number} width @param {number} kind */
function* striped(mask, width, kind) {
  for (let n = mask.indexOf(kind); n >= 0; n = mask.indexOf(kind, n + 1)) {
    const [left, top] = [n % width, Math.floor(n / width)];
    if ((left + top) % STRIPES < STRIPES / 2) yield [left, top];
  }
}

customElements.define('clipping-overlay', ClippingOverlay);
