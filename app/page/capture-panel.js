import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { SHOWN_IMAGES } from './capture-state.js';
import { controls, want } from './controls.js';
import { INITIAL, works } from './store.js';
import { thumbnail, thumbnailStyles } from './still-thumbnail.js';
import { t } from './text.js';

/** Takes full-resolution pictures and offers the last few for download. */
export class CapturePanel extends LitElement {
  static properties = { state: { attribute: false }, format: { state: true } };

  static styles = [
    controls,
    thumbnailStyles,
    css`
      .take {
        display: grid;
        grid-template-columns: 1fr 150px;
        gap: var(--space-2);
        margin: 6px 0;
      }
      ul {
        grid-template-columns: repeat(${SHOWN_IMAGES}, 1fr);
        min-height: 54px;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** @type {import('./store.js').StillFormat} */
    this.format = 'jpeg';
  }

  render() {
    const { images, taking } = this.state.local.capture;
    const formats = this.state.camera?.info?.still_formats ?? [];
    return html`
      <h2>${t('capture.title')}</h2>
      <div class="take">
        <button
          ?disabled=${taking || !works(this.state, 'camera')}
          @click=${() => want(this, { type: 'capture-still', format: this.format })}
        >
          ${t(taking ? 'capture.taking' : 'capture.take')}
        </button>
        <div class="choices" role="group" aria-label=${t('capture.format')}>
          ${formats.map(
            (format) =>
              html`<button aria-pressed=${format === this.format} @click=${() => (this.format = format)}>
                ${format.toUpperCase()}
              </button>`,
          )}
        </div>
      </div>
      <ul aria-label=${t('capture.last')}>
        ${repeat(images, (image) => image.id, thumbnail)}
      </ul>
    `;
  }
}

customElements.define('capture-panel', CapturePanel);
