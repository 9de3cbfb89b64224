import { LitElement, css, html } from 'lit';

import { t } from './dashboard-text.js';
import { PARTS, SIGNS } from './parts.js';

/** The way of a picture from the camera to the tablet, with how each part of it does. */
export class PicturePath extends LitElement {
  static properties = { parts: { attribute: false } };

  static styles = css`
    :host {
      display: block;
    }
    ol {
      display: grid;
      grid-template-columns: repeat(6, minmax(0, 1fr));
      gap: var(--space-2);
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      padding: var(--space-2) var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--panel);
    }
    .name {
      display: flex;
      justify-content: space-between;
      font-size: 13px;
      font-weight: 600;
    }
    .verdict {
      color: var(--text-dim);
      font-weight: 400;
    }
    .figure {
      margin: 2px 0 0;
      overflow: hidden;
      font: 20px/1.4 var(--figures);
      letter-spacing: -0.02em;
      white-space: nowrap;
    }
    small {
      display: block;
      overflow: hidden;
      color: var(--text-dim);
      font-size: 12px;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    i {
      font-style: normal;
    }
    .well i {
      color: var(--well);
    }
    .warning {
      border-color: var(--accent);
    }
    .warning .verdict {
      color: var(--accent);
    }
    .error {
      border-color: var(--danger);
    }
    .error .verdict {
      color: var(--fault);
    }
    @media (max-width: 719px) {
      ol {
        grid-template-columns: repeat(3, minmax(0, 1fr));
      }
      li {
        padding: 6px var(--space-2);
      }
      .figure {
        font-size: 16px;
      }
      .word {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }
  `;

  constructor() {
    super();
    /** @type {import('./parts.js').Part[]} */
    this.parts = [];
  }

  render() {
    return html`<ol aria-label=${t('dash.path')}>
      ${this.parts.map(
        ({ about, verdict, figure, what }) =>
          html`<li class=${verdict}>
            <div class="name">
              ${PARTS[about]}
              <span class="verdict">
                <span class="word">${SIGNS[verdict].word}</span> <i aria-hidden="true">${SIGNS[verdict].sign}</i>
              </span>
            </div>
            <div class="figure">${figure}</div>
            <small>${what}</small>
          </li>`,
      )}
    </ol>`;
  }
}

customElements.define('picture-path', PicturePath);
