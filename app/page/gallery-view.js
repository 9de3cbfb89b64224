import './gallery-toast.js';
import './picture-grid.js';
import './picture-viewer.js';

import { LitElement, css, html } from 'lit';

import { FocusHeir, controls, want } from './controls.js';
import { t } from './gallery-text.js';
import { icon } from './icons.js';
import { hrefOf } from './route.js';
import { INITIAL } from './store.js';

/** The stored pictures: all of them as a grid, what can be done with those that are chosen, one of them over all of it. */
export class GalleryView extends LitElement {
  static properties = { state: { attribute: false }, path: {} };

  static styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        /* Down to the window's edge, beside the stop button: the grid keeps its end clear of it. */
        height: calc(100% + var(--stop) + 2 * var(--space-4));
        margin-bottom: calc(-1 * (var(--stop) + 2 * var(--space-4)));
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        min-height: 60px;
      }
      h1 {
        margin: 0;
        font-size: 22px;
        font-weight: 600;
      }
      .count {
        flex: 1;
        margin: 0;
        color: var(--text-dim);
        font-variant-numeric: tabular-nums;
      }
      .bar button {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .trash {
        min-height: var(--touch);
        color: var(--text-dim);
        font-size: 13px;
      }
      .trash .count {
        flex-basis: 200px;
      }
      picture-grid {
        flex: 1;
      }
      .none {
        color: var(--text-dim);
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** The picture that the address names. */
    this.path = '';
    new FocusHeir(this, () => this.heir);
  }

  /** What has the focus after a button that is gone. @returns {HTMLElement | null} */
  get heir() {
    const shown = this.renderRoot.querySelector('picture-viewer, picture-grid:not([inert])');
    return /** @type {HTMLElement | null} */ (shown ?? this.closest('main'));
  }

  get disabled() {
    return this.state.connection !== 'connected';
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === 'Escape' && !this.path) want(this, { type: 'album-select-none' });
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    // Who comes back from a picture goes on with the keys where the picture is.
    if (changed.get('path') && !this.path) {
      const grid = /** @type {import('./picture-grid.js').PictureGrid} */ (this.renderRoot.querySelector('picture-grid'));
      grid?.comeBack(/** @type {string} */ (changed.get('path')));
    }
  }

  render() {
    const { album } = this.state.local;
    const covered = this.path !== '';
    return html`
      <div class="bar" ?inert=${covered} @keydown=${this.key}>
        <h1>${t('page.gallery')}</h1>
        ${album.selected.size ? this.renderChosen(album.selected) : this.renderCount(album)}
      </div>
      ${album.trashed && !covered ? this.renderTrash(album.trashed) : null}
      ${album.known && !album.images.length
        ? html`<p class="none">${t('gallery.empty')}</p>`
        : html`<picture-grid
            ?inert=${covered}
            .album=${album}
            @keydown=${this.key}
            @open-picture=${(/** @type {CustomEvent<string>} */ event) =>
              (location.hash = hrefOf('gallery', event.detail))}
          ></picture-grid>`}
      ${this.path
        ? html`<picture-viewer .album=${album} path=${this.path} ?disabled=${this.disabled}></picture-viewer>`
        : null}
      <gallery-toast .deleted=${album.deleted} @left=${() => this.heir?.focus()}></gallery-toast>
    `;
  }

  /** @param {import('./album-state.js').AlbumLocal} album */
  renderCount({ images, known }) {
    return html`<p class="count" role="status">${known ? t('gallery.count', { count: images.length }) : ''}</p>`;
  }

  /** @param {ReadonlySet<string>} selected */
  renderChosen(selected) {
    const { disabled } = this;
    const ids = [...selected];
    return html`
      <p class="count" role="status">${t('gallery.chosen', { count: ids.length })}</p>
      <button
        aria-label=${t('gallery.choose-none')}
        title=${t('gallery.choose-none')}
        @click=${() => want(this, { type: 'album-select-none' })}
      >
        ${icon('close')}
      </button>
      <button
        ?disabled=${disabled || this.state.local.album.working === 'zip'}
        @click=${() => want(this, { type: 'album-zip', ids })}
      >
        ${icon('download')}${t('gallery.zip')}
      </button>
      <button ?disabled=${disabled} @click=${() => want(this, { type: 'album-delete', ids })}>
        ${icon('delete')}${t('gallery.delete')}
      </button>
    `;
  }

  /** @param {number} count */
  renderTrash(count) {
    return html`<div class="bar trash">
      <p class="count">${t('gallery.trash', { count })}</p>
      <button ?disabled=${this.disabled} @click=${() => want(this, { type: 'album-restore-all' })}>
        ${t('gallery.restore')}
      </button>
      <button ?disabled=${this.disabled} @click=${() => want(this, { type: 'album-empty-trash' })}>
        ${t('gallery.destroy')}
      </button>
    </div>`;
  }
}

customElements.define('gallery-view', GalleryView);
