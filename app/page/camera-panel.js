import './focus-graph.js';
import './histogram-graph.js';
import './value-slider.js';

import { LitElement, css, html } from 'lit';

import { SIZES, shownCamera } from './camera-state.js';
import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { INITIAL, statusText, usable } from './store.js';
import { stopsIn } from './stops.js';
import { fixed, formatExposure, formatGain, formatRate, parseExposure, parseGain, parseRate } from './units.js';

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
      h3 {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-height: 34px;
        margin: 0;
        color: var(--text-dim);
        font-size: 13px;
        font-weight: 400;
      }
      histogram-graph {
        margin-top: var(--space-1);
      }
      .shown {
        font-family: var(--figures);
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** Whether the settings that are seldom needed are shown. */
    this.open = false;
    /** @type {{range: import('./store.js').Range, stops: number[]} | undefined} */
    this.stopped = undefined;
  }

  get info() {
    return this.state.camera?.info ?? null;
  }

  /** The exposures at which the slider halts; the same list for as long as the camera is the same. */
  get stops() {
    const range = this.info?.exposure_us ?? FIXED_EXPOSURE;
    if (range !== this.stopped?.range) this.stopped = { range, stops: stopsIn(range) };
    return this.stopped?.stops;
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
    const { clipping } = this.state.local.camera;
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
      <h3>${t('focus.title')}</h3>
      <focus-graph ?movable=${usable(this.state, 'stage') && Boolean(this.state.stage?.axes.z)}></focus-graph>
      <h3>
        ${t('camera.brightness')}
        <button
          aria-pressed=${clipping}
          title=${t('camera.mark-clipped-hint')}
          @click=${() => want(this, { type: 'camera-look', look: { clipping: !clipping } })}
        >
          ${t('camera.mark-clipped')}
        </button>
      </h3>
      <histogram-graph></histogram-graph>
      <value-slider
        label=${t('camera.exposure')}
        logarithmic
        .value=${exposure_us}
        .range=${this.info?.exposure_us ?? FIXED_EXPOSURE}
        .stops=${this.stops}
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
    const { busy } = this.state.local.camera;
    return html`
      ${this.renderBalance()} ${this.renderRate()} ${this.renderStream()} ${this.renderSize()}
      <button
        class="reset"
        title=${t('camera.reset-hint')}
        ?disabled=${this.disabled || busy !== null}
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
    const { busy } = this.state.local.camera;
    return html`
      <div class="balance">
        <span>${t('camera.white-balance')}</span>
        <button
          title=${t('camera.on-this-field-hint')}
          ?disabled=${this.disabled || busy !== null}
          @click=${() => want(this, { type: 'camera-action', action: 'white-balance' })}
        >
          ${t(busy === 'white-balance' ? 'camera.measuring' : 'camera.on-this-field')}
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

  /** The sizes that the camera can stream, for all viewers. */
  renderStream() {
    const sizes = this.info?.stream_sizes ?? [];
    if (sizes.length < 2) return null;
    const height = this.settings.stream_height ?? sizes[0][1];
    return html`
      <h3>${t('camera.stream')}</h3>
      <div class="choices" role="group" aria-label=${t('camera.stream')}>
        ${[...sizes]
          .sort(([, one], [, other]) => one - other)
          .map(
            ([width, each]) =>
              html`<button
                aria-pressed=${each === height}
                ?disabled=${this.disabled}
                @click=${() => this.change({ stream_height: each })}
              >
                ${width} × ${each}
              </button>`,
          )}
      </div>
    `;
  }

  /** What this viewer is sent, and what it wants to be sent. */
  renderSize() {
    const { width, height, fps } = this.state.frame ?? {};
    const { size } = this.state.local.camera;
    return html`
      <h3>
        ${t('camera.sent')}
        <span class="shown">${width ? `${width} × ${height}, ${formatRate(fps ?? 0)}` : '–'}</span>
      </h3>
      <div class="choices" role="group" aria-label=${t('camera.sent')}>
        ${SIZES.map(
          (each) =>
            html`<button
              aria-pressed=${each === size}
              title=${t(`camera.size-${each}-hint`)}
              @click=${() => want(this, { type: 'camera-look', look: { size: each } })}
            >
              ${t(`camera.size-${each}`)}
            </button>`,
        )}
      </div>
    `;
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
  return `${fixed(gain, 2)}×`;
}

customElements.define('camera-panel', CameraPanel);
