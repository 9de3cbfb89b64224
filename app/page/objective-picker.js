import { LitElement, css, html } from 'lit';

import { controls, want } from './controls.js';
import { INITIAL } from './optics-state.js';
import { t } from './text.js';

/** Says which objective is in place. */
export class ObjectivePicker extends LitElement {
  static properties = { optics: { attribute: false }, disabled: { type: Boolean } };

  static styles = [
    controls,
    css`
      select {
        width: 100%;
        min-height: var(--touch);
        padding: 0 var(--space-2);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--raised);
        color: var(--text);
        font: inherit;
      }
    `,
  ];

  constructor() {
    super();
    this.optics = INITIAL;
    this.disabled = false;
  }

  render() {
    const { objectives, objective } = this.optics;
    return html`<select
      aria-label=${t('optics.objective')}
      title=${t('optics.objective')}
      ?disabled=${this.disabled || !objectives.length}
      @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) =>
        want(this, { type: 'optics-choose', objective: target.value })}
    >
      ${objectives.map(({ id, name }) => html`<option value=${id} .selected=${id === objective}>${name}</option>`)}
    </select>`;
  }
}

customElements.define('objective-picker', ObjectivePicker);
