import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { fields } from './fields.js';
import { INITIAL } from './optics-state.js';

/** Says which objective is in place. */
export class ObjectivePicker extends LitElement {
  static properties = { optics: { attribute: false }, disabled: { type: Boolean } };

  static styles = [
    controls,
    fields,
    css`
      select {
        width: 100%;
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
      @change=${this.chosen}
    >
      ${objectives.map(({ id, name }) => html`<option value=${id} .selected=${id === objective}>${name}</option>`)}
    </select>`;
  }

  /** It shows the one in place until the server says that another is. @param {Event & {target: HTMLSelectElement}} event */
  chosen({ target }) {
    want(this, { type: 'optics-choose', objective: target.value });
    target.value = this.optics.objective ?? '';
  }
}

customElements.define('objective-picker', ObjectivePicker);
