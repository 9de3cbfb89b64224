import { LitElement, css, html } from 'lit';

import { want } from './controls.js';
import { Grip } from './grip.js';
import { speedAt } from './stick.js';

/**
 * A stick: the stage goes where it is pushed to, the faster the farther, for as long as it is held. For pointers alone:
 * what it does, keys and buttons do as well.
 */
export class JogStick extends LitElement {
  static properties = {
    full: { type: Number },
    axes: { attribute: false },
    disabled: { type: Boolean, reflect: true },
    place: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      aspect-ratio: 1;
    }
    .dish {
      display: grid;
      place-items: center;
      box-sizing: border-box;
      height: 100%;
      border: 1px solid var(--line-strong);
      border-radius: 50%;
      background: radial-gradient(closest-side, var(--ground) 28%, transparent 29%), var(--raised);
      touch-action: none;
      user-select: none;
      -webkit-user-select: none;
      -webkit-touch-callout: none;
      cursor: grab;
    }
    .dish.held {
      border-color: var(--accent);
      cursor: grabbing;
    }
    .knob {
      width: 44%;
      aspect-ratio: 1;
      box-sizing: border-box;
      border: 2px solid var(--line-strong);
      border-radius: 50%;
      background: var(--panel);
      pointer-events: none;
    }
    .held .knob {
      border-color: var(--accent);
      background: var(--accent-ground);
    }
    :host([disabled]) .dish {
      opacity: 0.4;
      cursor: default;
    }
  `;

  constructor() {
    super();
    /** At the edge, in micrometres a second. */
    this.full = 0;
    /** @type {import('./store.js').StageSection['axes']} */
    this.axes = {};
    this.disabled = false;
    /** Where it is pushed to, from -1 to 1 each way; `null` where it is not held. @type {{x: number, y: number} | null} */
    this.place = null;
    this.grip = new Grip(this, (from) => {
      this.place = null;
      want(from, { type: 'stage-release', by: 'stick' });
    });
  }

  render() {
    const { x, y } = this.place ?? { x: 0, y: 0 };
    const most = Math.max(1, Math.hypot(x, y));
    return html`<div
      class="dish ${this.place ? 'held' : ''}"
      aria-hidden="true"
      @pointerdown=${this.pressed}
      @pointermove=${this.moved}
      @pointerup=${this.grip.ended}
      @pointercancel=${this.grip.ended}
      @lostpointercapture=${this.grip.ended}
      @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}
    >
      <div class="knob" .style=${`translate: ${(60 * x) / most}% ${(60 * y) / most}%`}></div>
    </div>`;
  }

  /** @param {PointerEvent & {currentTarget: HTMLElement}} event */
  pressed(event) {
    if (!this.disabled && this.grip.take(event)) this.moved(event);
  }

  /** @param {PointerEvent & {currentTarget: HTMLElement}} event */
  moved(event) {
    if (!this.grip.holds(event)) return;
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    this.place = {
      x: this.axes.x ? (2 * (event.clientX - left)) / width - 1 : 0,
      y: this.axes.y ? (2 * (event.clientY - top)) / height - 1 : 0,
    };
    const { x, y } = speedAt(this.place.x, this.place.y, this.full);
    want(this, { type: 'stage-steer', speed: { x_um: x, y_um: y }, by: 'stick' });
  }
}

customElements.define('jog-stick', JogStick);
