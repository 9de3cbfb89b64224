import { LitElement, css, html } from 'lit';

import { controls } from './controls.js';
import { t } from './text.js';

/** Those that are open. @type {Set<AskDialog>} */
const openDialogs = new Set();

/** Whether any dialog is open, and seen: keys that move the stage wait until none is. */
export function anyDialogOpen() {
  return [...openDialogs].some((dialog) => dialog.seen);
}

/**
 * Asks before something is done. It is not modal, so that the stop button stays in reach; the Tab key keeps within it,
 * and the focus goes back to where it was. An `action` or `cancel` event says how it ended; Escape is `cancel`.
 */
export class AskDialog extends LitElement {
  static properties = { open: { type: Boolean }, heading: {}, action: {}, disabled: { type: Boolean } };

  static styles = [
    controls,
    css`
      dialog {
        position: fixed;
        inset: 0;
        z-index: 10;
        width: min(400px, calc(100% - 32px));
        max-height: calc(100% - 32px);
        margin: auto;
        padding: var(--space-4);
        overflow-y: auto;
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        background: var(--panel);
        box-shadow: var(--shadow);
        color: var(--text);
        font-size: 14px;
      }
      h2 {
        color: var(--text);
        font-size: 16px;
      }
      menu {
        display: flex;
        justify-content: flex-end;
        gap: var(--space-2);
        margin: var(--space-4) 0 0;
        padding: 0;
      }
    `,
  ];

  constructor() {
    super();
    this.open = false;
    this.heading = '';
    /** What the button says that has it done. */
    this.action = '';
    /** Whether it cannot be done as yet. */
    this.disabled = false;
    /** What had the focus before. @type {HTMLElement | null} */
    this.cameFrom = null;
  }

  /** Not where the panel that asks is closed, or another view is shown: then it must not hold the keys. */
  get seen() {
    return Boolean(this.renderRoot.querySelector('dialog')?.getClientRects().length);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.count(false);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('open')) return;
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
    this.count(this.open);
    if (this.open && !dialog.open) {
      this.cameFrom = focused();
      dialog.show();
      /** @type {HTMLElement} */ (dialog.querySelector('.cancel')).focus();
    } else if (!this.open && dialog.open) {
      dialog.close();
      this.cameFrom?.focus();
    }
  }

  render() {
    return html`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <menu>
        <button class="cancel" @click=${() => this.end('cancel')}>${t('page.cancel')}</button>
        <button class="go" ?disabled=${this.disabled} @click=${() => this.end('action')}>${this.action}</button>
      </menu>
    </dialog>`;
  }

  /** The Tab key goes round within the dialog, from wherever it is pressed. @param {KeyboardEvent} event */
  key = (event) => {
    if (!this.seen) return;
    if (event.key === 'Escape') this.end('cancel');
    if (event.key !== 'Tab') return;
    const within = this.within();
    const at = within.indexOf(/** @type {HTMLElement} */ (focused()));
    const next = at < 0 ? 0 : (at + (event.shiftKey ? -1 : 1) + within.length) % within.length;
    event.preventDefault();
    within[next].focus();
  };

  /** What can have the focus: what was put in, then the buttons. @returns {HTMLElement[]} */
  within() {
    return [
      ...this.querySelectorAll('input:enabled, select:enabled, textarea:enabled, button:enabled, a[href]'),
      ...this.renderRoot.querySelectorAll('button:enabled'),
    ].map((element) => /** @type {HTMLElement} */ (element));
  }

  /** @param {'action' | 'cancel'} how */
  end(how) {
    this.dispatchEvent(new CustomEvent(how));
  }

  /** @param {boolean} open */
  count(open) {
    if (open) {
      openDialogs.add(this);
      window.addEventListener('keydown', this.key);
    } else {
      openDialogs.delete(this);
      window.removeEventListener('keydown', this.key);
    }
  }
}

/** What has the focus, however deep. @returns {HTMLElement | null} */
function focused() {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return /** @type {HTMLElement | null} */ (at);
}

customElements.define('ask-dialog', AskDialog);
