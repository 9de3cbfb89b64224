import { LitElement, css, html } from 'lit';

import { FocusHeir, controls, want } from './controls.js';
import { t } from './gallery-text.js';
import { icon } from './icons.js';

/** As long as somebody may take to read it and reach for it; the trash keeps the pictures for much longer. */
const SHOWN_MS = 20_000;

/** Says that pictures were deleted, and undoes it. */
export class GalleryToast extends LitElement {
  static properties = { deleted: { attribute: false } };

  static styles = [
    controls,
    css`
      :host {
        position: fixed;
        bottom: calc(env(safe-area-inset-bottom) + var(--stop) + var(--space-4));
        left: 50%;
        z-index: 6;
        max-width: calc(100vw - 2 * var(--space-4));
        transform: translateX(-50%);
      }
      .toast {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-1) var(--space-1) var(--space-1) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        background: var(--raised);
        box-shadow: var(--shadow);
        color: var(--text);
      }
      button {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        border: 0;
        background: none;
        white-space: nowrap;
      }
      .undo {
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {string[]} */
    this.deleted = [];
    this.timer = 0;
    // Who pressed a button of it goes on in the view, which knows where.
    new FocusHeir(this, () => ({ focus: () => this.dispatchEvent(new CustomEvent('left')) }));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('deleted')) return;
    clearTimeout(this.timer);
    if (this.deleted.length) this.timer = setTimeout(() => want(this, { type: 'album-undo-over' }), SHOWN_MS);
  }

  render() {
    const { deleted } = this;
    // The region is there before it says something, else that is not read aloud.
    return html`<div role="status">
      ${deleted.length
        ? html`<div class="toast">
            <span>${t('gallery.deleted', { count: deleted.length })}</span>
            <button class="undo" @click=${() => want(this, { type: 'album-restore', ids: deleted })}>
              ${icon('undo')}${t('gallery.undo')}
            </button>
            <button aria-label=${t('page.dismiss')} @click=${() => want(this, { type: 'album-undo-over' })}>
              ${icon('close')}
            </button>
          </div>`
        : null}
    </div>`;
  }
}

customElements.define('gallery-toast', GalleryToast);
