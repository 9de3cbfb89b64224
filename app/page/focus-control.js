import './jog-button.js';

import { LitElement, css, html } from 'lit';

import { t } from './text.js';

/** Moves the focus up and down. */
export class FocusControl extends LitElement {
  static properties = { step: { type: Number }, disabled: { type: Boolean } };

  static styles = css`
    :host {
      display: grid;
      grid-template-rows: 1fr auto 1fr;
      gap: 6px;
      text-align: center;
    }
    span {
      color: var(--text-dim);
      font-size: 13px;
    }
  `;

  constructor() {
    super();
    this.step = 0;
    this.disabled = false;
  }

  render() {
    return html`
      <jog-button label=${t('stage.focus-up')} .distance=${{ z_um: this.step }} ?disabled=${this.disabled}></jog-button>
      <span aria-hidden="true">${t('stage.focus')}</span>
      <jog-button
        label=${t('stage.focus-down')}
        angle="180"
        .distance=${{ z_um: -this.step }}
        ?disabled=${this.disabled}
      ></jog-button>
    `;
  }
}

customElements.define('focus-control', FocusControl);
