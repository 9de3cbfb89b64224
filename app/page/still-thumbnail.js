/** A still, small, as a link to it. */

import { css, html } from 'lit';

import { t } from './text.js';
import { formatBytes } from './units.js';

/** Browsers show neither: such a still is a name and a size. @type {Record<string, string>} */
const UNSHOWN = { 'image/tiff': 'TIFF', 'image/x-adobe-dng': 'DNG' };

export function thumbnail(/** @type {import('./store.js').ImageRecord} */ image) {
  const size = formatBytes(image.size_bytes);
  const name = `${image.file_name}, ${image.width} × ${image.height}, ${size}`;
  return html`<li>
    <a href=${image.url} download=${image.file_name} title=${t('capture.download', { name })}>
      ${image.media_type in UNSHOWN
        ? html`<span>${UNSHOWN[image.media_type]}<br />${size}</span>`
        : html`<img src=${image.url} alt=${t('capture.still', { name })} loading="lazy" decoding="async" />`}
    </a>
  </li>`;
}

/** For a list of them. */
export const thumbnailStyles = css`
  ul {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li a {
    display: grid;
    place-items: center;
    aspect-ratio: 4 / 3;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--ground);
    color: var(--text-dim);
    font-size: 12px;
    text-align: center;
    text-decoration: none;
  }
  li a:hover {
    border-color: var(--line-strong);
    color: var(--text);
  }
  li img {
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
`;
