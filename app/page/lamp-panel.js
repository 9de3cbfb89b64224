import './value-slider.js';

import { LitElement, html } from 'lit';

import { controls, want } from './controls.js';
import { shownLight } from './lamp-state.js';
import { INITIAL, statusText, usable } from './store.js';
import { t } from './text.js';
import { formatPercent, parsePercent } from './units.js';

/** Switches and dims the lamp. */
export class LampPanel extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = controls;

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    const { on, brightness } = shownLight(this.state);
    const disabled = !usable(this.state, 'light');
    return html`
      <h2>
        ${t('lamp.title')} <span class="status">${statusText(this.state, 'light')}</span>
        <button
          aria-pressed=${on}
          aria-label=${t('lamp.title')}
          ?disabled=${disabled}
          @click=${() => want(this, { type: 'lamp-set', change: { on: !on } })}
        >
          ${t(on ? 'lamp.on' : 'lamp.off')}
        </button>
      </h2>
      <value-slider
        label=${t('lamp.brightness')}
        .value=${brightness}
        .format=${formatPercent}
        .parse=${parsePercent}
        ?disabled=${disabled}
        @value=${(/** @type {CustomEvent<number>} */ event) =>
          want(this, { type: 'lamp-set', change: { brightness: event.detail } })}
      ></value-slider>
    `;
  }
}

customElements.define('lamp-panel', LampPanel);
