import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls } from './controls.js';
import { language } from './text.js';

/** Devices that do not work: which, what to do, and its cause. A card can be put away until it changes. */
export class FaultCards extends LitElement {
  static properties = { faults: { attribute: false }, away: { state: true } };

  static styles = [
    controls,
    css`
      div {
        display: grid;
        gap: var(--space-2);
      }
      section {
        display: grid;
        grid-template-columns: 1fr auto;
        padding: 0 0 var(--space-3) var(--space-4);
        border: 1px solid var(--line-strong);
        border-left: 4px solid var(--danger);
        border-radius: var(--radius);
        background: var(--panel);
        box-shadow: var(--shadow);
        pointer-events: auto;
      }
      h2 {
        color: var(--text);
        font-size: 15px;
      }
      p {
        grid-column: 1 / -1;
        margin: 0 var(--space-4) 0 0;
        overflow-wrap: anywhere;
      }
      .detail {
        margin-top: var(--space-2);
        color: var(--fault);
        font: 12px/1.4 var(--figures);
      }
      button {
        border: 0;
        background: none;
        color: var(--text-dim);
        font-size: 18px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./store.js').Fault[]} */
    this.faults = [];
    /** The words of those that were put away. @type {string[]} */
    this.away = [];
  }

  render() {
    const shown = this.faults.filter(({ detail }) => !this.away.includes(detail));
    if (!shown.length) return null;
    return html`<div role="alert">
      ${shown.map(
        ({ device, detail, told }) =>
          html`<section aria-label=${t(`fault.${device}`)}>
            <h2>${t(`fault.${device}`)}</h2>
            <button aria-label=${t('page.dismiss')} @click=${() => (this.away = [...this.away, detail])}>×</button>
            <p>${t(`fault.${device}-remedy`)}</p>
            <p class="detail" lang=${told === detail ? 'en' : language}>${told}</p>
          </section>`,
      )}
    </div>`;
  }

  /** What works again is shown anew when it fails again. @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('faults')) {
      this.away = this.away.filter((gone) => this.faults.some(({ detail }) => detail === gone));
    }
  }
}

customElements.define('fault-cards', FaultCards);
