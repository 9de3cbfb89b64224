import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { controls, want } from './controls.js';
import { SHOWN_IMAGES } from './store.js';
import { formatBytes } from './units.js';

/** @type {Record<string, string>} */
const UNSHOWN = { 'image/tiff': 'TIFF', 'image/x-adobe-dng': 'DNG' };

/** Takes full-resolution pictures and offers the last few for download. */
export class StillControl extends LitElement {
  static properties = {
    images: { attribute: false },
    formats: { attribute: false },
    taking: { type: Boolean },
    disabled: { type: Boolean },
    format: { state: true },
  };

  static styles = [
    controls,
    css`
      .take {
        display: grid;
        grid-template-columns: 1fr 150px;
        gap: var(--space-2);
        margin: 6px 0;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(${SHOWN_IMAGES}, 1fr);
        gap: 6px;
        min-height: 48px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      a {
        display: grid;
        place-items: center;
        height: 48px;
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--ground);
        color: var(--text-dim);
        font-size: 12px;
        text-align: center;
        text-decoration: none;
      }
      a:hover {
        border-color: var(--line-strong);
        color: var(--text);
      }
      img {
        width: 100%;
        height: 48px;
        object-fit: cover;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./store.js').ImageRecord[]} */
    this.images = [];
    this.taking = false;
    this.disabled = false;
    /** Those that the camera has. @type {import('./store.js').StillFormat[]} */
    this.formats = ['jpeg', 'png', 'tiff'];
    /** @type {import('./store.js').StillFormat} */
    this.format = 'jpeg';
  }

  render() {
    return html`
      <h2>Stills</h2>
      <div class="take">
        <button
          ?disabled=${this.disabled || this.taking}
          @click=${() => want(this, { type: 'still', format: this.format })}
        >
          ${this.taking ? 'Taking…' : 'Take a still'}
        </button>
        <div class="choices" role="group" aria-label="File format">
          ${this.formats.map(
            (format) =>
              html`<button aria-pressed=${format === this.format} @click=${() => (this.format = format)}>
                ${format.toUpperCase()}
              </button>`,
          )}
        </div>
      </div>
      <ul aria-label="Last stills">
        ${repeat(this.images, (image) => image.id, thumbnail)}
      </ul>
    `;
  }
}

/** Browsers show neither TIFF nor DNG: such a still is a name and a size. */
function thumbnail(/** @type {import('./store.js').ImageRecord} */ image) {
  const size = formatBytes(image.size_bytes);
  const title = `${image.file_name}, ${image.width} × ${image.height}, ${size}`;
  return html`<li>
    <a href=${image.url} download=${image.file_name} title="Download ${title}">
      ${image.media_type in UNSHOWN
        ? html`<span>${UNSHOWN[image.media_type]}<br />${size}</span>`
        : html`<img src=${image.url} alt="Still ${title}" loading="lazy" decoding="async" />`}
    </a>
  </li>`;
}

customElements.define('still-control', StillControl);
