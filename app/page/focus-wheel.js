import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { want } from './controls.js';
import { Grip } from './grip.js';
import { fixed } from './units.js';

/** A finger's way on the wheel that is one step of the focus. */
const STEP_PX = 24;
/** One notch of most mouse wheels. */
const NOTCH_PX = 100;

/**
 * A wheel for the focus: it is turned by dragging (up is up), by a mouse's wheel, or with the arrow keys, a step each.
 * The stage stops as it is let go.
 */
export class FocusWheel extends LitElement {
  static properties = {
    um: { type: Number },
    limits: { attribute: false },
    step: { type: Number },
    disabled: { type: Boolean, reflect: true },
    held: { state: true },
    turned: { state: true },
  };

  static styles = css`
    :host {
      display: block;
    }
    .wheel {
      position: relative;
      height: 100%;
      box-sizing: border-box;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: repeating-linear-gradient(var(--line-strong) 0 2px, transparent 2px 12px) 0 var(--turned) / 100% 12px
        var(--raised);
      touch-action: none;
      user-select: none;
      -webkit-user-select: none;
      -webkit-touch-callout: none;
      cursor: ns-resize;
    }
    /* Round, by its shading. */
    .wheel::after {
      content: '';
      position: absolute;
      inset: 0;
      border-radius: inherit;
      background: linear-gradient(var(--ground), transparent 35% 65%, var(--ground));
      pointer-events: none;
    }
    .wheel.held {
      border-color: var(--accent);
    }
    .wheel:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    :host([disabled]) .wheel {
      opacity: 0.4;
      cursor: default;
    }
  `;

  constructor() {
    super();
    /** Where the focus is. */
    this.um = 0;
    /** @type {import('./store.js').Range} */
    this.limits = { minimum: 0, maximum: 0 };
    this.step = 0;
    this.disabled = false;
    this.held = false;
    /** How far the wheel is turned, in pixels. */
    this.turned = 0;
    this.lastY = 0;
    this.notches = 0;
    /** The key that is held, by its `code`: with NumLock it may come up by another name. @type {string | null} */
    this.key = null;
    this.grip = new Grip(this, (from) => {
      this.held = false;
      want(from, { type: 'stage-release', by: 'wheel' });
    });
  }

  render() {
    return html`<div
      class="wheel ${this.held ? 'held' : ''}"
      .style="--turned: ${this.turned % 12}px"
      role="slider"
      tabindex=${this.disabled ? -1 : 0}
      aria-label=${t('stage.focus')}
      aria-orientation="vertical"
      aria-valuemin=${this.limits.minimum}
      aria-valuemax=${this.limits.maximum}
      aria-valuenow=${this.um}
      aria-valuetext=${t('stage.um', { um: fixed(this.um, 1) })}
      aria-disabled=${this.disabled}
      @pointerdown=${this.pressed}
      @pointermove=${this.moved}
      @pointerup=${this.grip.ended}
      @pointercancel=${this.grip.ended}
      @lostpointercapture=${this.grip.ended}
      @wheel=${this.wheeled}
      @keydown=${this.keyDown}
      @keyup=${this.keyUp}
      @blur=${this.keyUp}
      @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}
    ></div>`;
  }

  /** @param {PointerEvent & {currentTarget: HTMLElement}} event */
  pressed(event) {
    if (this.disabled || !this.grip.take(event)) return;
    this.held = true;
    this.lastY = event.clientY;
  }

  /** @param {PointerEvent} event */
  moved(event) {
    if (!this.grip.holds(event)) return;
    const down = event.clientY - this.lastY;
    if (!down) return;
    this.lastY = event.clientY;
    this.turned += down;
    want(this, { type: 'stage-nudge', distance: { z_um: (-down / STEP_PX) * this.step }, by: 'wheel' });
  }

  /** @param {WheelEvent} event */
  wheeled(event) {
    event.preventDefault(); // the panel scrolls elsewhere
    if (this.disabled) return;
    const perUnit = [1, NOTCH_PX / 3, NOTCH_PX][event.deltaMode];
    this.notches += (event.deltaY * perUnit) / NOTCH_PX;
    const whole = Math.trunc(this.notches);
    if (!whole) return;
    this.notches -= whole;
    this.turned += whole * 12;
    this.jog(-whole);
    want(this, { type: 'stage-release' });
  }

  /** @param {KeyboardEvent} event */
  keyDown(event) {
    const up = ['ArrowUp', 'ArrowRight'].includes(event.key);
    if (!up && !['ArrowDown', 'ArrowLeft'].includes(event.key)) return;
    // Elsewhere these keys move the view over the specimen.
    event.stopPropagation();
    event.preventDefault();
    if (event.repeat || this.disabled) return;
    this.key = event.code;
    this.jog(up ? 1 : -1);
  }

  /** @param {KeyboardEvent | FocusEvent} event */
  keyUp(event) {
    if (this.key === null || (event instanceof KeyboardEvent && event.code !== this.key)) return;
    this.key = null;
    want(this, { type: 'stage-release' });
  }

  /** @param {number} steps */
  jog(steps) {
    want(this, { type: 'stage-jog', distance: { z_um: steps * this.step } });
  }
}

customElements.define('focus-wheel', FocusWheel);
