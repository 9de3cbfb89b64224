import './picture-facts.js';
import './picture-pane.js';

import { LitElement, html } from 'lit';

import { INITIAL, nameOf, placeOf } from './album-state.js';
import { controls, want } from './controls.js';
import { t } from './gallery-text.js';
import { icon } from './icons.js';
import { hrefOf } from './route.js';
import { viewerStyles } from './viewer-styles.js';

/** Whether pictures can be given to other programs from here. */
const CAN_SHARE = globalThis.navigator?.canShare?.({ files: [new File([], 'a.jpg', { type: 'image/jpeg' })] }) ?? false;

/** One picture over all of the view but the stop button, and what can be done with it. `path` is its name. */
export class PictureViewer extends LitElement {
  static properties = {
    album: { attribute: false },
    path: {},
    disabled: { type: Boolean },
    told: { state: true },
    unshown: { state: true },
  };

  static styles = [controls, viewerStyles];

  constructor() {
    super();
    this.album = INITIAL;
    this.path = '';
    this.disabled = false;
    /** Whether what is known of the picture is shown. */
    this.told = false;
    this.unshown = '';
    this.looked = '';
    /** What is looked at, for as long as it is there, though the list may lose sight of it. @type {import('./store.js').ImageRecord | null} */
    this.image = null;
    /** The list in which it was last looked for, by its revision. */
    this.sought = -1;
    /** Where the picture was: another takes its place when it is deleted. */
    this.place = -1;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('keydown', this.key);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.key);
  }

  firstUpdated() {
    this.focus();
  }

  focus() {
    /** @type {HTMLElement} */ (this.renderRoot.querySelector('.viewer')).focus();
  }

  willUpdate() {
    const { album, path, image } = this;
    const kept = image?.id === path && album.absent !== path ? image : null;
    this.image = album.images[placeOf(album, path)] ?? kept;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('disabled')) this.sought = -1;
    const { album, path } = this;
    const place = placeOf(album, path);
    if (place >= 0) {
      this.place = place;
      this.looked = path;
      // The neighbours, so that turning to them finds them.
      want(this, { type: 'album-show', who: this, from: Math.max(0, place - 1), to: place + 2 });
    } else if (this.looked !== path || (changed.has('disabled') && this.place < 0)) {
      this.looked = path;
      this.place = -1;
      // Who may not look yet, or cannot be heard, asks when that has changed.
      if (!this.disabled) want(this, { type: 'album-find', id: path });
    } else if (!album.stale && this.place >= 0) {
      if (album.absent === path) this.goOn();
      else this.seek();
    }
  }

  /** It is not in what came of the list, and may stand elsewhere by now. */
  seek() {
    if (this.disabled || this.sought === this.album.revision) return;
    this.sought = this.album.revision;
    want(this, { type: 'album-find', id: this.path });
  }

  /** The picture is gone: look at the one in its place, or at the one before, or at all. */
  goOn() {
    const { images } = this.album;
    if (!images.length) return this.close();
    const next = images[Math.min(this.place, images.length - 1)];
    if (next) this.look(next.id);
    else want(this, { type: 'album-show', who: this, from: this.place - 1, to: this.place + 1 });
  }

  /** @param {number} way */
  turn(way) {
    const place = placeOf(this.album, this.path);
    const next = this.album.images[place + way];
    if (place >= 0 && next) this.look(next.id);
  }

  /** Another picture in the place of this one: going back leads to all of them. @param {string} id */
  look(id) {
    location.replace(hrefOf('gallery', id));
  }

  close() {
    location.hash = hrefOf('gallery');
  }

  /** Whatever has the focus; in a field, Escape leaves it. @param {KeyboardEvent} event */
  key = (event) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && target.matches('input, textarea')) {
      if (event.key === 'Escape') target.blur();
      return;
    }
    const deed = this.deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  };

  /** What the keys do. @type {Record<string, () => void>} */
  deeds = {
    Escape: () => this.close(),
    ArrowLeft: () => this.turn(-1),
    ArrowRight: () => this.turn(1),
    '+': () => this.pane?.zoom('in'),
    '-': () => this.pane?.zoom('out'),
    0: () => this.pane?.zoom('fit'),
    i: () => (this.told = !this.told),
    Delete: () => this.discard(),
  };

  get pane() {
    return /** @type {import('./picture-pane.js').PicturePane | null} */ (this.renderRoot.querySelector('picture-pane'));
  }

  discard() {
    if (this.image && !this.disabled) want(this, { type: 'album-delete', ids: [this.image.id] });
  }

  render() {
    const { image, album } = this;
    const name = image ? nameOf(image) : '';
    return html`<div
      class="viewer"
      role="group"
      tabindex="-1"
      aria-label=${name || t('gallery.picture')}
    >
      <div class="bar">
        ${this.renderButton('close', 'gallery.close', () => this.close())}
        <h2>${name}</h2>
        ${image ? this.renderDeeds(image) : null}
      </div>
      <div class="middle">
        ${image ? this.renderPicture(image, name) : this.renderNone(album)}
        ${this.told ? this.renderFacts(image) : null}
      </div>
    </div>`;
  }

  /** @param {import('./store.js').ImageRecord} image @param {string} name */
  renderPicture(image, name) {
    const place = placeOf(this.album, image.id);
    const last = this.album.images.length - 1;
    return html`<div class="picture">
      <picture-pane
        .image=${image}
        name=${name}
        @turn=${(/** @type {CustomEvent<number>} */ event) => this.turn(event.detail)}
        @unshown=${() => (this.unshown = image.id)}
      ></picture-pane>
      ${this.unshown === image.id ? html`<p class="none" role="status">${t('gallery.unshown')}</p>` : null}
      <div class="turns">
        ${this.renderButton('back', 'gallery.previous', () => this.turn(-1), place <= 0)}
        <span>${place < 0 ? '–' : place + 1} / ${this.album.images.length}</span>
        ${this.renderButton('next', 'gallery.next', () => this.turn(1), place < 0 || place >= last)}
      </div>
    </div>`;
  }

  /** @param {import('./album-state.js').AlbumLocal} album */
  renderNone(album) {
    return html`<p class="none" role="status">${t(album.absent === this.path ? 'gallery.absent' : 'gallery.loading')}</p>`;
  }

  /** @param {import('./store.js').ImageRecord | null} image */
  renderFacts(image) {
    return html`<picture-facts .image=${image} .facts=${this.album.facts} ?disabled=${this.disabled}></picture-facts>`;
  }

  /** @param {import('./store.js').ImageRecord} image */
  renderDeeds(image) {
    return html`
      <button
        aria-pressed=${this.told}
        aria-label=${t('gallery.facts')}
        title=${t('gallery.facts')}
        @click=${() => (this.told = !this.told)}
      >
        ${icon('about')}
      </button>
      <a
        class="button"
        href="${image.url}/download"
        download
        aria-label=${t('gallery.download')}
        title=${t('gallery.download')}
        >${icon('download')}</a
      >
      ${CAN_SHARE
        ? this.renderButton(
            'share',
            'gallery.share',
            () => want(this, { type: 'album-share', image }),
            this.album.working === 'share',
          )
        : null}
      ${this.renderButton('delete', 'gallery.delete', () => this.discard(), this.disabled)}
    `;
  }

  /** @param {import('./icons.js').Icon} sign @param {import('./text.js').Key<'gallery'>} name @param {() => void} press */
  renderButton(sign, name, press, disabled = false) {
    return html`<button ?disabled=${disabled} aria-label=${t(name)} title=${t(name)} @click=${press}>
      ${icon(sign)}
    </button>`;
  }
}

customElements.define('picture-viewer', PictureViewer);
