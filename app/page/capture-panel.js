import './picture-tray.js';

import { LitElement, css, html } from 'lit';

import { placeOf } from './album-state.js';
import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { flash, fly } from './capture-flight.js';
import { INITIAL, works } from './store.js';

/** How long it is said that a still was stored. */
const SAID_MS = 3000;

/** Takes full-resolution pictures, and shows the last few. */
export class CapturePanel extends LitElement {
  static properties = { state: { attribute: false }, format: { state: true }, said: { state: true } };

  static styles = [
    controls,
    css`
      .take {
        display: grid;
        gap: var(--space-2);
        margin: 6px 0;
      }
      @media (hover: hover) {
        .go:hover:enabled:not([aria-pressed='true']) {
          background: var(--accent);
        }
      }
      .status {
        min-height: 1.35em;
        margin: 0;
        color: var(--text-dim);
        font-size: 13px;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** @type {import('./store.js').StillFormat} */
    this.format = 'jpeg';
    /** What was done, for a while. */
    this.said = '';
    this.timer = 0;
    /** @type {import('./store.js').ImageRecord | null} */
    this.told = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  updated() {
    const { taken } = this.state.local.album;
    if (!taken || taken === this.told) return;
    if (placeOf(this.state.local.album, taken.id) < 0) return; // its place in the tray comes with the next change
    this.told = taken;
    void this.confirm(taken);
  }

  /** Show that a picture was taken, and where it has gone. @param {import('./store.js').ImageRecord} image */
  async confirm(image) {
    clearTimeout(this.timer);
    this.said = t('capture.stored');
    this.timer = setTimeout(() => (this.said = ''), SAID_MS);
    const tray = /** @type {import('./picture-tray.js').PictureTray} */ (this.renderRoot.querySelector('picture-tray'));
    await tray.updateComplete;
    const root = /** @type {ShadowRoot} */ (this.renderRoot);
    flash(root);
    fly(root, `${image.url}/thumbnail`, tray.newestBox);
  }

  render() {
    const { taking } = this.state.local.album;
    const info = this.state.camera?.info;
    return html`
      <h2>${t('capture.title')}</h2>
      <div class="take">
        <div class="choices" role="group" aria-label=${t('capture.format')}>
          ${(info?.still_formats ?? []).map(
            (format) =>
              html`<button aria-pressed=${format === this.format} @click=${() => (this.format = format)}>
                ${format.toUpperCase()}
              </button>`,
          )}
        </div>
        <button
          class="go"
          ?disabled=${taking || !works(this.state, 'camera')}
          @click=${() => want(this, { type: 'capture-still', format: this.format })}
        >
          ${t(taking ? 'capture.taking' : 'capture.take')}
        </button>
        <p class="status" role="status">
          ${this.said || (info ? t('capture.full', { width: info.sensor_width, height: info.sensor_height }) : '')}
        </p>
      </div>
      <picture-tray .album=${this.state.local.album}></picture-tray>
    `;
  }
}

customElements.define('capture-panel', CapturePanel);
