import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { worded } from './problems.js';

/** What is wrong with the rig file, line by line, and what to do: with such a file nothing is driven. */
export class RigErrors extends LitElement {
  static properties = { errors: { attribute: false }, disabled: { type: Boolean } };

  static styles = [
    controls,
    css`
      section {
        display: grid;
        grid-template-rows: auto auto minmax(0, 1fr) auto;
        gap: var(--space-3);
        min-height: 0;
        padding: var(--space-4);
        border: 1px solid var(--line-strong);
        border-left: 4px solid var(--danger);
        border-radius: var(--radius);
        background: var(--panel);
      }
      h2 {
        color: var(--text);
        font-size: 16px;
      }
      p {
        margin: 0;
        color: var(--text-dim);
      }
      ol {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        overflow-y: auto;
        list-style: none;
      }
      li {
        padding: var(--space-2) var(--space-3);
        border-radius: 6px;
        background: var(--ground);
        overflow-wrap: anywhere;
      }
      code {
        display: block;
        color: var(--fault);
        font: 13px/1.4 var(--figures);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./store.js').RigError[]} */
    this.errors = [];
    this.disabled = false;
  }

  render() {
    return html`<section role="alert" aria-labelledby="title">
      <h2 id="title">${t('rig.title')}</h2>
      <p>${t('rig.hint')}</p>
      <ol tabindex="0" aria-label=${t('rig.errors')}>
        ${this.errors.map(
          ({ file, line, text, facts }) =>
            html`<li><code>${line === null ? file : `${file}:${line}`}</code>${worded(facts, text)}</li>`,
        )}
      </ol>
      <button ?disabled=${this.disabled} @click=${() => want(this, { type: 'upkeep-restart' })}>
        ${t('rig.restart')}
      </button>
    </section>`;
  }
}

customElements.define('rig-errors', RigErrors);
