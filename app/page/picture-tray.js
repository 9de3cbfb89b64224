import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { INITIAL, nameOf } from './album-state.js';
import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { hrefOf } from './route.js';

const SHOWN = 4;

/** The newest pictures, each a way to itself in the gallery, and the way to all of them. */
export class PictureTray extends LitElement {
  static properties = { album: { attribute: false } };

  static styles = [
    controls,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(${SHOWN}, 1fr);
        gap: 6px;
        min-height: 54px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li a {
        display: grid;
        place-items: center;
        aspect-ratio: 4 / 3;
        min-height: var(--touch);
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--ground);
      }
      li a:hover {
        border-color: var(--line-strong);
      }
      img {
        width: 100%;
        height: 100%;
        object-fit: cover;
        filter: var(--thumbnail-filter);
      }
      .all {
        display: grid;
        align-content: center;
        min-height: var(--touch);
        color: var(--text-dim);
        font-size: 13px;
      }
    `,
  ];

  constructor() {
    super();
    this.album = INITIAL;
  }

  updated() {
    want(this, { type: 'album-show', who: this, from: 0, to: SHOWN });
  }

  /** Where the newest picture lies on the screen. @returns {DOMRect} */
  get newestBox() {
    /** @type {Element} */
    const place = this.renderRoot.querySelector('li a') ?? this;
    return place.getBoundingClientRect();
  }

  render() {
    const { images, known } = this.album;
    return html`
      <ul aria-label=${t('capture.last')}>
        ${repeat(
          images.slice(0, SHOWN).flatMap((image) => (image ? [image] : [])),
          (image) => image.id,
          (image) =>
            html`<li>
              <a href=${hrefOf('gallery', image.id)} title=${nameOf(image)}
                ><img src="${image.url}/thumbnail" alt=${t('capture.still', { name: nameOf(image) })} decoding="async"
              /></a>
            </li>`,
        )}
      </ul>
      ${known && images.length
        ? html`<a class="all" href=${hrefOf('gallery')}>${t('capture.all', { count: images.length })}</a>`
        : html`<span class="all"></span>`}
    `;
  }
}

customElements.define('picture-tray', PictureTray);
