import { LitElement, css, html } from 'lit';

import { controls, want } from './controls.js';
import { Grip } from './grip.js';

/** A button that jogs the stage by a distance: once when pressed, and on and on while held. */
export class JogButton extends LitElement {
  static properties = {
    label: {},
    distance: { attribute: false },
    angle: { type: Number },
    disabled: { type: Boolean },
  };

  static styles = [
    controls,
    css`
      button {
        display: grid;
        place-items: center;
        width: 100%;
        height: 100%;
        padding: 0;
        touch-action: none;
      }
      svg {
        width: 22px;
        height: 22px;
        fill: none;
        stroke: currentColor;
        stroke-width: 2;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    /** @type {import('./jogger.js').Distance} */
    this.distance = {};
    /** Of the arrow, in degrees clockwise from upwards. */
    this.angle = 0;
    this.disabled = false;
    this.grip = new Grip(this, (from) => want(from, { type: 'stage-release' }));
  }

  render() {
    return html`<button
      aria-label=${this.label}
      ?disabled=${this.disabled}
      @pointerdown=${this.press}
      @pointerup=${this.grip.ended}
      @pointercancel=${this.grip.ended}
      @lostpointercapture=${this.grip.ended}
      @click=${this.clicked}
      @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" .style=${`transform: rotate(${this.angle}deg)`}>
        <path d="m5 15 7-7 7 7" />
      </svg>
    </button>`;
  }

  /** @param {PointerEvent & {currentTarget: HTMLElement}} event */
  press(event) {
    if (this.grip.take(event)) want(this, { type: 'stage-jog', distance: this.distance });
  }

  /** A click without a pointer comes from the keyboard or from assistive technology. @param {MouseEvent} event */
  clicked(event) {
    if (event.detail !== 0) return;
    want(this, { type: 'stage-jog', distance: this.distance });
    want(this, { type: 'stage-release' });
  }
}

customElements.define('jog-button', JogButton);
