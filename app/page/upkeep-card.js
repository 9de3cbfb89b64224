import { LitElement, css, html } from 'lit';

import { controls, want } from './controls.js';
import { t } from './settings-text.js';
import { formatBytes } from './units.js';

/** Backup, restore, restart. */
export class UpkeepCard extends LitElement {
  static properties = {
    restore: { attribute: false },
    disabled: { type: Boolean },
    file: { state: true },
    ending: { state: true },
  };

  static styles = [
    controls,
    css`
      section {
        display: grid;
        gap: var(--space-2);
      }
      section + section {
        margin-top: var(--space-4);
      }
      p {
        margin: 0;
        color: var(--text-dim);
      }
      p.wrong {
        color: var(--fault);
        overflow-wrap: anywhere;
      }
      a,
      label {
        display: grid;
        place-items: center;
        min-height: var(--touch);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--raised);
        color: var(--text);
        text-decoration: none;
        cursor: pointer;
      }
      label:has(:disabled) {
        opacity: 0.4;
        cursor: default;
      }
      label:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      /* The label is what is seen and pressed. */
      input {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .choice {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    /** How the last restore goes. @type {import('./upkeep-state.js').RestoreState | null} */
    this.restore = null;
    this.disabled = false;
    /** The backup that was chosen and not yet confirmed. @type {File | null} */
    this.file = null;
    /** Whether a restart was asked for and not yet confirmed. */
    this.ending = false;
  }

  render() {
    return html`
      <section aria-label=${t('upkeep.backup')}>
        <p>${t('upkeep.backup-text')}</p>
        <a href="/api/backup" download>${t('upkeep.download')}</a>
        ${this.file ? this.renderConfirmation(this.file) : this.renderChooser()}
        <p role="status" class=${this.restore?.wrong ? 'wrong' : ''}>${this.restore?.text ?? ''}</p>
      </section>
      <section aria-label=${t('upkeep.restart')}>
        ${this.ending
          ? html`<p>${t('upkeep.restart-text')}</p>
              ${this.renderChoice(t('upkeep.restart'), () => {
                this.ending = false;
                want(this, { type: 'upkeep-restart' });
              })}`
          : html`<button ?disabled=${this.disabled} @click=${() => (this.ending = true)}>${t('upkeep.restart-ask')}</button>`}
      </section>
    `;
  }

  renderChooser() {
    return html`<label>
      ${t('upkeep.choose')}
      <input
        type="file"
        accept=".zip,application/zip"
        ?disabled=${this.disabled || this.restore?.busy}
        @change=${(/** @type {Event & {target: HTMLInputElement}} */ { target }) => (this.file = target.files?.[0] ?? null)}
      />
    </label>`;
  }

  /** @param {File} file */
  renderConfirmation(file) {
    return html`<p>${t('upkeep.confirm', { name: file.name, size: formatBytes(file.size) })}</p>
      ${this.renderChoice(t('upkeep.restore'), () => {
        this.file = null;
        want(this, { type: 'upkeep-restore', file });
      })}`;
  }

  /** @param {string} label @param {() => void} go */
  renderChoice(label, go) {
    const cancel = () => {
      this.file = null;
      this.ending = false;
    };
    return html`<div class="choice">
      <button @click=${cancel}>${t('page.cancel')}</button>
      <button class="go" ?disabled=${this.disabled} @click=${go}>${label}</button>
    </div>`;
  }
}

customElements.define('upkeep-card', UpkeepCard);
