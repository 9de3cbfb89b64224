import './value-slider.js';

import { LitElement, css, html } from 'lit';

import { shownCamera } from './camera-state.js';
import { controls, want } from './controls.js';
import { INITIAL, statusText, usable } from './store.js';
import { t } from './text.js';
import { formatExposure, formatGain, formatRate, parseExposure, parseGain, parseRate } from './units.js';

/** The camera's settings, by hand or automatic; what the camera cannot do is not offered. */
export class CameraPanel extends LitElement {
  static properties = { state: { attribute: false }, open: { state: true } };

  static styles = [
    controls,
    css`
      .balance {
        display: grid;
        grid-template-columns: 1fr auto auto;
        align-items: center;
        gap: var(--space-2);
        color: var(--text-dim);
        font-size: 13px;
      }
      .more {
        margin-right: 6px;
      }
      .reset {
        width: 100%;
        margin: 6px 0;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** Whether the settings that are seldom needed are shown. */
    this.open = false;
  }

  get info() {
    return this.state.camera?.info ?? null;
  }

  get settings() {
    return shownCamera(this.state);
  }

  get disabled() {
    return !usable(this.state, 'camera');
  }

  render() {
    const { exposure_us = 0, gain = 1, auto_exposure = false } = this.settings;
    const fixed = this.disabled || auto_exposure;
    return html`
      <h2>
        ${t('camera.title')} <span class="status">${statusText(this.state, 'camera')}</span>
        <button
          class="more"
          aria-expanded=${this.open}
          aria-pressed=${this.open}
          aria-label=${t('camera.more-spoken')}
          @click=${() => (this.open = !this.open)}
        >
          ${t('camera.more')}
        </button>
        ${this.info?.auto_exposure
          ? html`<button
              aria-pressed=${auto_exposure}
              aria-label=${t('camera.auto-exposure')}
              ?disabled=${this.disabled}
              @click=${() => this.change({ auto_exposure: !auto_exposure })}
            >
              ${t('camera.auto')}
            </button>`
          : null}
      </h2>
      <value-slider
        label=${t('camera.exposure')}
        logarithmic
        .value=${exposure_us}
        .range=${this.info?.exposure_us ?? FIXED_EXPOSURE}
        .format=${formatExposure}
        .parse=${parseExposure}
        ?disabled=${fixed || !this.info?.exposure_us}
        @value=${(/** @type {CustomEvent<number>} */ event) => this.change({ exposure_us: Math.round(event.detail) })}
      ></value-slider>
      ${this.renderGain(t('camera.gain'), 'gain', gain, this.info?.gain, fixed)}
      ${this.open ? this.renderMore() : null}
    `;
  }

  renderMore() {
    return html`
      ${this.renderBalance()} ${this.renderRate()}
      <button
        class="reset"
        title=${t('camera.reset-hint')}
        ?disabled=${this.disabled}
        @click=${() => want(this, { type: 'camera-action', action: 'reset' })}
      >
        ${t('camera.reset')}
      </button>
    `;
  }

  renderBalance() {
    const range = this.info?.colour_gains;
    if (!range) return null;
    const { red_gain = 1, blue_gain = 1, auto_white_balance = false } = this.settings;
    const fixed = this.disabled || auto_white_balance;
    return html`
      <div class="balance">
        <span>${t('camera.white-balance')}</span>
        <button
          title=${t('camera.on-this-field-hint')}
          ?disabled=${this.disabled}
          @click=${() => want(this, { type: 'camera-action', action: 'white-balance' })}
        >
          ${t('camera.on-this-field')}
        </button>
        ${this.info?.auto_white_balance
          ? html`<button
              aria-pressed=${auto_white_balance}
              aria-label=${t('camera.auto-white-balance')}
              ?disabled=${this.disabled}
              @click=${() => this.change({ auto_white_balance: !auto_white_balance })}
            >
              ${t('camera.auto')}
            </button>`
          : null}
      </div>
      ${this.renderGain(t('camera.red'), 'red_gain', red_gain, range, fixed)}
      ${this.renderGain(t('camera.blue'), 'blue_gain', blue_gain, range, fixed)}
    `;
  }

  renderRate() {
    if (!this.info?.fps) return null;
    return html`<value-slider
      label=${t('camera.rate')}
      logarithmic
      .value=${this.settings.fps ?? 30}
      .range=${this.info.fps}
      .format=${formatRate}
      .parse=${parseRate}
      ?disabled=${this.disabled}
      @value=${(/** @type {CustomEvent<number>} */ event) => this.change({ fps: event.detail })}
    ></value-slider>`;
  }

  /**
   * @param {string} label
   * @param {'gain' | 'red_gain' | 'blue_gain'} name
   * @param {number} value
   * @param {import('./store.js').Range | null | undefined} range
   * @param {boolean} fixed
   */
  renderGain(label, name, value, range, fixed) {
    return html`<value-slider
      label=${label}
      logarithmic
      .value=${value}
      .range=${range ?? FIXED_GAIN}
      .format=${name === 'gain' ? formatGain : formatColourGain}
      .parse=${parseGain}
      ?disabled=${fixed || !range}
      @value=${(/** @type {CustomEvent<number>} */ event) => this.change({ [name]: event.detail })}
    ></value-slider>`;
  }

  /** @param {Partial<import('./store.js').CameraSettings>} change */
  change(change) {
    want(this, { type: 'camera-set', change });
  }
}

/** Scales for the figures of a camera that leaves no choice. */
const FIXED_EXPOSURE = { minimum: 1, maximum: 1e6 };
const FIXED_GAIN = { minimum: 1, maximum: 16 };

/** A colour shows where an amplification by a tenth does not. */
function formatColourGain(/** @type {number} */ gain) {
  return `${gain.toFixed(2)}×`;
}

customElements.define('camera-panel', CameraPanel);
