import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';

const SHOWN_FOR_MS = 8000;

/** What was said: each message stays until it is read. */
export class MessageList extends LitElement {
  static properties = { messages: { attribute: false } };

  static styles = [
    controls,
    css`
      ul {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
        min-height: var(--touch);
        padding: 0 0 0 var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--panel);
        box-shadow: var(--shadow);
        overflow-wrap: anywhere;
        pointer-events: auto;
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
    /** @type {import('./message-state.js').Message[]} */
    this.messages = [];
    /** @type {Map<number, number>} */
    this.timers = new Map();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('messages')) return;
    for (const { id } of this.messages) {
      if (this.timers.has(id)) continue;
      this.timers.set(
        id,
        setTimeout(() => this.dismiss(id), SHOWN_FOR_MS),
      );
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  render() {
    return html`<ul aria-live="polite" aria-label=${t('page.messages')}>
      ${repeat(
        this.messages,
        (message) => message.id,
        (message) =>
          html`<li>
            <span>${message.text}</span>
            <button aria-label=${t('page.dismiss')} @click=${() => this.dismiss(message.id)}>×</button>
          </li>`,
      )}
    </ul>`;
  }

  /** @param {number} id */
  dismiss(id) {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    want(this, { type: 'message-dismiss', id });
  }
}

customElements.define('message-list', MessageList);
