import './value-slider.js';

import { LitElement, html } from 'lit';

import { controls, want } from './controls.js';
import { formatPercent, parsePercent } from './units.js';

/** Switches and dims the lamp. */
export class LampControl extends LitElement {
  static properties = {
    light: { attribute: false },
    status: {},
    disabled: { type: Boolean },
  };

  static styles = controls;

  constructor() {
    super();
    this.light = { on: false, brightness: 0 };
    this.status = '';
    this.disabled = false;
  }

  render() {
    const { on, brightness } = this.light;
    return html`
      <h2>
        Lamp <span class="status">${this.status}</span>
        <button
          aria-pressed=${on}
          aria-label="Lamp"
          ?disabled=${this.disabled}
          @click=${() => want(this, { type: 'light', change: { on: !on } })}
        >
          ${on ? 'On' : 'Off'}
        </button>
      </h2>
      <value-slider
        label="Brightness"
        .value=${brightness}
        .format=${formatPercent}
        .parse=${parsePercent}
        ?disabled=${this.disabled}
        @value=${(/** @type {CustomEvent<number>} */ event) =>
          want(this, { type: 'light', change: { brightness: event.detail } })}
      ></value-slider>
    `;
  }
}

customElements.define('lamp-control', LampControl);
