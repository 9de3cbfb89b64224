import { LitElement, css, html } from 'lit';

import { controls } from './controls.js';
import { brief } from './units.js';

/** How far one jog goes. A `step` event (detail: micrometres) says what was chosen. */
export class StepChoice extends LitElement {
  static properties = {
    label: {},
    spoken: {},
    steps: { attribute: false },
    chosen: { type: Number },
    disabled: { type: Boolean },
  };

  static styles = [
    controls,
    css`
      div {
        align-items: center;
      }
      span {
        flex: none;
        width: 92px;
        color: var(--text-dim);
        font-size: 13px;
      }
      button {
        min-height: var(--row);
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    /** What the group is called when read out. */
    this.spoken = '';
    /** @type {number[]} */
    this.steps = [];
    this.chosen = 0;
    this.disabled = false;
  }

  render() {
    return html`<div class="choices" role="group" aria-label=${this.spoken}>
      <span aria-hidden="true">${this.label}</span>
      ${this.steps.map(
        (um) =>
          html`<button
            ?disabled=${this.disabled}
            aria-pressed=${um === this.chosen}
            @click=${() => this.dispatchEvent(new CustomEvent('step', { detail: um }))}
          >
            ${brief(um, 3)}
          </button>`,
      )}
    </div>`;
  }
}

customElements.define('step-choice', StepChoice);
