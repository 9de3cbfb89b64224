import './value-slider.js';

import { LitElement, css, html, svg } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { shownLight } from './lamp-state.js';
import { INITIAL, statusText, usable } from './store.js';
import { formatPercent, parsePercent } from './units.js';

/** Switches and dims the lamp; where there are several, each by itself and all at once. */
export class LampPanel extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    controls,
    css`
      .channel {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        gap: var(--space-2);
        margin-bottom: var(--space-1);
      }
      .channel button {
        display: flex;
        align-items: center;
        justify-content: center;
        min-width: var(--touch);
        padding: 0;
      }
      circle {
        stroke: var(--text-dim);
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    const { on, channels } = shownLight(this.state);
    const disabled = !usable(this.state, 'light');
    const several = channels.length > 1;
    return html`
      <h2>
        ${t('lamp.title')} <span class="status">${statusText(this.state, 'light')}</span>
        <button
          aria-pressed=${on}
          aria-label=${t(several ? 'lamp.spoken-all' : 'lamp.spoken', { state: t(on ? 'lamp.on' : 'lamp.off') })}
          ?disabled=${disabled}
          @click=${() => this.change({ on: !on })}
        >
          ${t(on ? 'lamp.on' : 'lamp.off')}
        </button>
      </h2>
      ${several
        ? channels.map((channel) => this.renderChannel(channel, disabled))
        : this.renderBrightness(t('lamp.brightness'), channels[0], disabled)}
    `;
  }

  /** @param {import('./store.js').LightChannel} channel @param {boolean} disabled */
  renderChannel(channel, disabled) {
    const { id, name, colour, on } = channel;
    return html`<div class="channel">
      <button
        aria-pressed=${on}
        aria-label=${t('lamp.channel', { name })}
        title=${t('lamp.channel', { name })}
        ?disabled=${disabled}
        @click=${() => this.change({ channels: { [id]: { on: !on } } })}
      >
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          ${svg`<circle cx="12" cy="12" r="8" stroke-width="2" fill=${colour} fill-opacity=${on ? 1 : 0.15} />`}
        </svg>
      </button>
      ${this.renderBrightness(name, channel, disabled)}
    </div>`;
  }

  /** @param {string} label @param {import('./store.js').LightChannel | undefined} channel @param {boolean} disabled */
  renderBrightness(label, channel, disabled) {
    return html`<value-slider
      label=${label}
      .value=${channel?.brightness ?? 0}
      .format=${formatPercent}
      .parse=${parsePercent}
      ?disabled=${disabled || !channel}
      @value=${(/** @type {CustomEvent<number>} */ event) =>
        channel && this.change({ channels: { [channel.id]: { brightness: event.detail } } })}
    ></value-slider>`;
  }

  /** @param {import('./lamp-state.js').LightChange} change */
  change(change) {
    want(this, { type: 'lamp-set', change });
  }
}

customElements.define('lamp-panel', LampPanel);
