import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { controls } from './controls.js';
import { INITIAL } from './store.js';
import { thumbnail, thumbnailStyles } from './still-thumbnail.js';
import { t } from './text.js';
import { viewStyles } from './view-styles.js';

/** The stills, the newest first. */
export class GalleryView extends LitElement {
  static properties = { state: { attribute: false }, path: {} };

  static styles = [
    controls,
    viewStyles,
    thumbnailStyles,
    css`
      ul {
        grid-template-columns: repeat(auto-fill, minmax(140px, 1fr));
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** The still that the address names. */
    this.path = '';
  }

  render() {
    const { images } = this.state.local.capture;
    return html`
      <h1>${t('page.gallery')}</h1>
      ${images.length
        ? html`<ul aria-label=${t('page.gallery')}>
            ${repeat(images, (image) => image.id, thumbnail)}
          </ul>`
        : html`<p>${t('gallery.empty')}</p>`}
    `;
  }
}

customElements.define('gallery-view', GalleryView);
