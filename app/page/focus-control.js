import './focus-wheel.js';
import './jog-button.js';

import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';

/** Moves the focus: a step up, a wheel to turn, a step down. */
export class FocusControl extends LitElement {
  static properties = {
    axis: { attribute: false },
    um: { type: Number },
    step: { type: Number },
    disabled: { type: Boolean },
  };

  static styles = css`
    :host {
      display: grid;
      grid-template-rows: var(--touch) minmax(0, 1fr) var(--touch);
      gap: var(--space-1);
    }
  `;

  constructor() {
    super();
    /** @type {import('./store.js').AxisInfo | undefined} */
    this.axis = undefined;
    this.um = 0;
    this.step = 0;
    this.disabled = false;
  }

  render() {
    const { axis, step } = this;
    const disabled = this.disabled || !axis;
    return html`
      <jog-button label=${t('stage.focus-up')} .distance=${{ z_um: step }} ?disabled=${disabled}></jog-button>
      <focus-wheel
        um=${this.um}
        .limits=${axis?.limits_um ?? { minimum: 0, maximum: 0 }}
        step=${step}
        ?disabled=${disabled}
      ></focus-wheel>
      <jog-button
        label=${t('stage.focus-down')}
        angle="180"
        .distance=${{ z_um: -step }}
        ?disabled=${disabled}
      ></jog-button>
    `;
  }
}

customElements.define('focus-control', FocusControl);
