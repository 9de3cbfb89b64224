import { LitElement, css, html } from 'lit';
import { live } from 'lit-html/directives/live.js';

import { t } from './controls-text.js';
import { controls } from './controls.js';
import { nearestStop, stopBeside } from './stops.js';
import { fromLogScale, toLogScale } from './units.js';

const PLACES = 1000;

/** The keys that go by stops, and how many. @type {Record<string, number>} */
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 3, PageDown: -3 };

/**
 * A value on a slider, its figure beside it to be typed. A `value` event (detail: the value) says what is wanted. While
 * it is held, it shows where the hand has it, whatever becomes of the value meanwhile. With `stops` it halts at those
 * alone; any other value can be typed.
 */
export class ValueSlider extends LitElement {
  static properties = {
    label: {},
    value: { type: Number },
    range: { attribute: false },
    logarithmic: { type: Boolean },
    stops: { attribute: false },
    format: { attribute: false },
    parse: { attribute: false },
    disabled: { type: Boolean },
    held: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: 72px 1fr 72px;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--row);
      }
      label {
        color: var(--text-dim);
        font-size: 13px;
      }
      input[type='range'] {
        width: 100%;
        height: var(--row);
        margin: 0;
        accent-color: var(--accent);
        touch-action: pan-y;
      }
      input[type='text'] {
        width: 100%;
        height: var(--row);
        padding: 0 var(--space-2);
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--ground);
        color: var(--text);
        font: 13px/1 var(--figures);
        text-align: right;
      }
      /* Below 16 px, an iPad zooms in on what is typed, and away from the rest. */
      @media (any-pointer: coarse) {
        :host {
          grid-template-columns: 72px 1fr 80px;
        }
        input[type='text'] {
          padding: 0 4px;
          font-size: 16px;
          letter-spacing: -0.03em;
        }
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
    /** @type {number[] | null} */
    this.stops = null;
    /** @type {(value: number) => string} */
    this.format = String;
    /** NaN for what is no value. @type {(text: string) => number} */
    this.parse = Number;
    this.disabled = false;
    /** Where the hand has it. @type {number | null} */
    this.held = null;
    this.pressed = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    // A field that is disabled is not told that it was let go.
    if (changed.has('disabled') && this.disabled) this.released();
  }

  render() {
    const shown = this.held ?? this.value;
    const text = this.format(shown);
    return html`
      <label for="slider">${this.label}</label>
      <input
        id="slider"
        type="range"
        min="0"
        max=${PLACES}
        .value=${live(String(Math.round(PLACES * this.toPlace(shown))))}
        aria-valuetext=${text}
        ?disabled=${this.disabled}
        @input=${this.dragged}
        @keydown=${this.stepped}
        @pointerdown=${() => (this.pressed = true)}
        @pointerup=${this.released}
        @pointercancel=${this.released}
        @change=${this.released}
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
    const place = this.fromPlace(Number(event.target.value) / PLACES);
    const value = this.stops ? nearestStop(this.stops, place) : place;
    if (value === this.held) return this.requestUpdate(); // the thumb goes back to its stop
    if (this.pressed) this.held = value;
    this.change(value);
  }

  released() {
    this.pressed = false;
    this.held = null;
  }

  /** @param {KeyboardEvent} event */
  stepped(event) {
    const count = KEYS[event.key];
    if (!this.stops || !count) return;
    event.preventDefault();
    this.change(stopBeside(this.stops, this.value, count));
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
