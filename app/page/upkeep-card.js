import { LitElement, css, html } from 'lit';

import { controls, want } from './controls.js';
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
      .go {
        border-color: var(--accent);
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** How the last restore goes. @type {import('./store.js').RestoreState | null} */
    this.restore = null;
    this.disabled = false;
    /** The backup that was chosen and not yet confirmed. @type {File | null} */
    this.file = null;
    /** Whether a restart was asked for and not yet confirmed. */
    this.ending = false;
  }

  render() {
    return html`
      <section aria-label="Backup">
        <p>Settings, calibration, the stage's position and the rig file in one file. Pictures are not in it.</p>
        <a href="/api/backup" download>Download a backup</a>
        ${this.file ? this.renderConfirmation(this.file) : this.renderChooser()}
        <p role="status" class=${this.restore?.wrong ? 'wrong' : ''}>${this.restore?.text ?? ''}</p>
      </section>
      <section aria-label="Restart">
        ${this.ending
          ? html`<p>The stage stops, the lamp goes out, and everybody is without a picture for some seconds.</p>
              ${this.renderChoice('Restart', () => {
                this.ending = false;
                want(this, { type: 'restart' });
              })}`
          : html`<button ?disabled=${this.disabled} @click=${() => (this.ending = true)}>Restart…</button>`}
      </section>
    `;
  }

  renderChooser() {
    return html`<label>
      Restore from a backup…
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
    return html`<p>
        Restore from ${file.name} (${formatBytes(file.size)})? Its rig file and settings replace the present ones, which
        are kept in the data folder, and the microscope restarts. The stage should be homed afterwards.
      </p>
      ${this.renderChoice('Restore and restart', () => {
        this.file = null;
        want(this, { type: 'restore', file });
      })}`;
  }

  /** @param {string} label @param {() => void} go */
  renderChoice(label, go) {
    const cancel = () => {
      this.file = null;
      this.ending = false;
    };
    return html`<div class="choice">
      <button @click=${cancel}>Cancel</button>
      <button class="go" ?disabled=${this.disabled} @click=${go}>${label}</button>
    </div>`;
  }
}

customElements.define('upkeep-card', UpkeepCard);
