import './value-slider.js';

import { LitElement, html } from 'lit';

import { controls, want } from './controls.js';
import { formatExposure, formatGain, parseExposure, parseGain } from './units.js';

/** Exposure and gain, by hand or automatic; what the camera cannot do is not offered. */
export class CameraControl extends LitElement {
  static properties = {
    info: { attribute: false },
    settings: { attribute: false },
    status: {},
    disabled: { type: Boolean },
  };

  static styles = controls;

  constructor() {
    super();
    /** @type {import('./store.js').CameraInfo | null} */
    this.info = null;
    /** @type {Partial<import('./store.js').CameraSettings>} */
    this.settings = {};
    this.status = '';
    this.disabled = false;
  }

  render() {
    const { exposure_us = 0, gain = 1, auto_exposure = false } = this.settings;
    const fixed = this.disabled || auto_exposure;
    return html`
      <h2>
        Camera <span class="status">${this.status}</span>
        ${this.info?.auto_exposure
          ? html`<button
              aria-pressed=${auto_exposure}
              aria-label="Automatic exposure"
              ?disabled=${this.disabled}
              @click=${() => this.change({ auto_exposure: !auto_exposure })}
            >
              Auto
            </button>`
          : null}
      </h2>
      <value-slider
        label="Exposure"
        logarithmic
        .value=${exposure_us}
        .range=${this.info?.exposure_us ?? FIXED_EXPOSURE}
        .format=${formatExposure}
        .parse=${parseExposure}
        ?disabled=${fixed || !this.info?.exposure_us}
        @value=${(/** @type {CustomEvent<number>} */ event) => this.change({ exposure_us: Math.round(event.detail) })}
      ></value-slider>
      <value-slider
        label="Gain"
        logarithmic
        .value=${gain}
        .range=${this.info?.gain ?? FIXED_GAIN}
        .format=${formatGain}
        .parse=${parseGain}
        ?disabled=${fixed || !this.info?.gain}
        @value=${(/** @type {CustomEvent<number>} */ event) => this.change({ gain: event.detail })}
      ></value-slider>
    `;
  }

  /** @param {Partial<import('./store.js').CameraSettings>} change */
  change(change) {
    want(this, { type: 'camera', change });
  }
}

/** Scales for the figures of a camera that leaves no choice. */
const FIXED_EXPOSURE = { minimum: 1, maximum: 1e6 };
const FIXED_GAIN = { minimum: 1, maximum: 16 };

customElements.define('camera-control', CameraControl);
