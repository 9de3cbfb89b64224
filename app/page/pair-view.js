import { LitElement, css, html } from 'lit';

import { agentName } from './agents.js';
import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { fields } from './fields.js';

const DIGITS = 8;

/** What one sees who is not let in: where the PIN is, and a field for it. */
export class PairView extends LitElement {
  static properties = { access: { attribute: false }, pin: { state: true }, waitS: { state: true } };

  static styles = [
    controls,
    fields,
    css`
      :host {
        display: grid;
        place-items: center;
        padding: var(--space-4);
        overflow-y: auto;
        background: var(--ground);
      }
      form {
        display: grid;
        gap: var(--space-4);
        width: min(420px, 100%);
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: 12px;
        background: var(--panel);
      }
      img {
        filter: var(--icon-filter);
      }
      h1 {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        margin: 0;
        font-size: 20px;
        font-weight: 600;
      }
      p {
        margin: 0;
        color: var(--text-dim);
      }
      input {
        width: 100%;
      }
      .pin {
        min-height: 72px;
        padding: 0;
        font-family: var(--figures);
        font-size: 36px;
        letter-spacing: 0.08em;
        text-align: center;
      }
      .wrong {
        min-height: 2.7em;
        color: var(--fault);
      }
      button {
        min-height: 56px;
        font-size: 16px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./access-state.js').AccessLocal | null} */
    this.access = null;
    this.pin = '';
    /** Seconds until a PIN is looked at again. */
    this.waitS = 0;
    this.timer = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  firstUpdated() {
    this.renderRoot.querySelector('input')?.focus();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('access')) this.countDown();
  }

  countDown() {
    clearTimeout(this.timer);
    this.waitS = Math.max(0, Math.ceil(((this.access?.waitUntilMs ?? 0) - performance.now()) / 1000));
    if (this.waitS > 0) this.timer = setTimeout(() => this.countDown(), 1000);
  }

  /** Four and four, as the console shows them; what is no digit is left out. @param {InputEvent} event */
  type(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.pin = input.value.replace(/\D/g, '').slice(0, DIGITS);
    input.value = this.pin.replace(/^(\d{4})(\d+)/, '$1 $2');
  }

  /** @param {SubmitEvent} event */
  send(event) {
    event.preventDefault();
    if (this.access?.pairing) return; // a button that is disabled meanwhile would lose the focus
    const name = /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('#name')).value;
    want(this, { type: 'access-pair', secret: this.pin, name });
  }

  render() {
    const { problem = '', pairing = false } = this.access ?? {};
    const ready = this.pin.length === DIGITS && !this.waitS;
    return html`<form @submit=${this.send}>
      <h1><img src="/page/favicon.svg" alt="" width="32" height="32" />${t('access.pair-title')}</h1>
      <p>${t('access.pair-text')}</p>
      <label>
        ${t('access.pin')}
        <input
          class="pin"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength="11"
          placeholder="0000 0000"
          aria-describedby="problem"
          @input=${this.type}
        />
      </label>
      <label>
        ${t('access.name')}
        <input id="name" maxlength="40" autocomplete="off" .value=${agentName(navigator.userAgent).slice(0, 40)} />
      </label>
      <p class="wrong" id="problem" role="alert">
        ${problem} ${this.waitS ? t('access.wait', { seconds: this.waitS }) : null}
      </p>
      <button class="go" ?disabled=${!ready}>${t(pairing ? 'access.pairing' : 'access.pair')}</button>
    </form>`;
  }
}

customElements.define('pair-view', PairView);
