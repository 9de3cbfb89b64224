import { LitElement, css, html } from 'lit';
import { live } from 'lit-html/directives/live.js';

import { controls } from './controls.js';
import { t } from './text.js';
import { fromLogScale, toLogScale } from './units.js';

const PLACES = 1000;

/** A value on a slider, its figure beside it to be typed. A `value` event (detail: the value) says what is wanted. */
export class ValueSlider extends LitElement {
  static properties = {
    label: {},
    value: { type: Number },
    range: { attribute: false },
    logarithmic: { type: Boolean },
    format: { attribute: false },
    parse: { attribute: false },
    disabled: { type: Boolean },
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: 72px 1fr 72px;
        align-items: center;
        gap: var(--space-2);
        min-height: 40px;
      }
      label {
        color: var(--text-dim);
        font-size: 13px;
      }
      input[type='range'] {
        width: 100%;
        height: 40px;
        margin: 0;
        accent-color: var(--accent);
        touch-action: pan-y;
      }
      input[type='text'] {
        width: 100%;
        height: 32px;
        padding: 0 var(--space-2);
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--ground);
        color: var(--text);
        font: 13px/1 var(--figures);
        text-align: right;
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.value = 0;
    /** @type {import('./store.js').Range} */
    this.range = { minimum: 0, maximum: 1 };
    this.logarithmic = false;
    /** @type {(value: number) => string} */
    this.format = String;
    /** NaN for what is no value. @type {(text: string) => number} */
    this.parse = Number;
    this.disabled = false;
  }

  render() {
    const text = this.format(this.value);
    return html`
      <label for="slider">${this.label}</label>
      <input
        id="slider"
        type="range"
        min="0"
        max=${PLACES}
        .value=${live(String(Math.round(PLACES * this.toPlace(this.value))))}
        aria-valuetext=${text}
        ?disabled=${this.disabled}
        @input=${this.dragged}
      />
      <input
        type="text"
        autocomplete="off"
        aria-label=${t('slider.figure', { label: this.label })}
        .value=${text}
        ?disabled=${this.disabled}
        @focus=${(/** @type {Event & {target: HTMLInputElement}} */ event) => event.target.select()}
        @change=${this.typed}
      />
    `;
  }

  /** @param {number} value */
  toPlace(value) {
    const { minimum, maximum } = this.range;
    return this.logarithmic ? toLogScale(value, this.range) : (value - minimum) / (maximum - minimum);
  }

  /** @param {number} place */
  fromPlace(place) {
    const { minimum, maximum } = this.range;
    return this.logarithmic ? fromLogScale(place, this.range) : minimum + place * (maximum - minimum);
  }

  /** @param {Event & {target: HTMLInputElement}} event */
  dragged(event) {
    this.change(this.fromPlace(Number(event.target.value) / PLACES));
  }

  /** @param {Event & {target: HTMLInputElement}} event */
  typed(event) {
    const value = this.parse(event.target.value);
    if (Number.isFinite(value)) this.change(Math.min(Math.max(value, this.range.minimum), this.range.maximum));
    event.target.value = this.format(this.value);
  }

  /** @param {number} value */
  change(value) {
    this.dispatchEvent(new CustomEvent('value', { detail: value }));
  }
}

customElements.define('value-slider', ValueSlider);
