import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { INITIAL, nameOf, placeOf } from './album-state.js';
import { controls, want } from './controls.js';
import { t } from './gallery-text.js';
import { cellAt, cellsThere, layoutOf, placeAfter, scrolledTo } from './grid-layout.js';
import { gridStyles } from './grid-styles.js';
import { formatBytes } from './units.js';

/** Scrolled faster than this many heights of what is seen at once, pictures are passed by and not loaded. */
const HURRY = 1.5;
const REST_MS = 120;
const HOLD_MS = 500;
/** A cell is narrow. @type {Intl.DateTimeFormatOptions} */
const SHORT = { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' };
const SLACK_PX = 10;

/**
 * All pictures, of which those that are seen are there. One list box: arrows, Home, End and the page keys go from picture
 * to picture, Shift takes them along; Space chooses, Enter opens (`open-picture`), Delete deletes.
 */
export class PictureGrid extends LitElement {
  static properties = {
    album: { attribute: false },
    active: { state: true },
    width: { state: true },
    seen: { state: true },
    top: { state: true },
    hurrying: { state: true },
  };

  static styles = [controls, gridStyles];

  constructor() {
    super();
    this.album = INITIAL;
    /** The place that the keys start from. */
    this.active = 0;
    /** Where a row of chosen pictures began. */
    this.anchor = 0;
    this.width = 0;
    this.seen = 0;
    this.top = 0;
    this.hurrying = false;
    this.resized = new ResizeObserver(() => this.measure());
    this.resting = 0;
    this.holding = 0;
    this.held = false;
    /** @type {{x: number, y: number} | null} */
    this.pressedAt = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
    clearTimeout(this.resting);
    clearTimeout(this.holding);
  }

  get list() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector('[role=listbox]'));
  }

  get layout() {
    return layoutOf(this.width, this.album.images.length);
  }

  /** The cells that are there. */
  get there() {
    return cellsThere(this.layout, this.top, this.seen, this.album.images.length);
  }

  measure() {
    const { paddingLeft, paddingRight, paddingBottom } = getComputedStyle(this.list);
    this.width = this.list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    this.seen = this.list.clientHeight - parseFloat(paddingBottom); // below is the stop button
  }

  scrolled() {
    const { scrollTop } = this.list;
    if (Math.abs(scrollTop - this.top) > HURRY * this.seen) this.hurrying = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => (this.hurrying = false), REST_MS);
    this.top = scrollTop;
  }

  updated() {
    const { from, to } = this.there;
    if (this.seen && !this.hurrying) want(this, { type: 'album-show', who: this, from, to: Math.max(to, 1) });
    this.active = Math.max(0, Math.min(this.active, this.album.images.length - 1));
  }

  /** Make a picture the one that the keys start from, and show it. @param {number} place */
  go(place) {
    this.active = place;
    this.list.scrollTop = scrolledTo(this.layout, place, this.list.scrollTop, this.seen);
  }

  /** Go on with the keys from a picture that was looked at. @param {string} id */
  comeBack(id) {
    const place = placeOf(this.album, id);
    if (place >= 0) this.go(place);
    this.focus();
  }

  focus() {
    this.list.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { images, selected } = this.album;
    const image = images[this.active];
    const there = placeAfter(event.key, this.active, this.layout, images.length, this.seen);
    const withControl = event.ctrlKey || event.metaKey;
    if (event.altKey || (withControl && event.key !== 'a') || !images.length) return;
    if (there !== null) {
      if (!event.shiftKey) this.anchor = there;
      else this.selectTo(there);
      this.go(there);
    } else if (event.key === ' ' && image) {
      this.toggle(image, this.active);
    } else if (event.key === 'Enter' && image) {
      this.open(image);
    } else if (event.key === 'Delete' && (selected.size || image)) {
      want(this, { type: 'album-delete', ids: selected.size ? [...selected] : [/** @type {any} */ (image).id] });
    } else if (event.key === 'a' && withControl) {
      want(this, { type: 'album-select-range', from: 0, to: images.length });
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {number} place */
  selectTo(place) {
    const [from, to] = [this.anchor, place].sort((a, b) => a - b);
    const ids = this.album.images.slice(from, to + 1).flatMap((image) => (image ? [image.id] : []));
    if (ids.length === to + 1 - from) want(this, { type: 'album-select', ids, on: true });
    else want(this, { type: 'album-select-range', from, to: to + 1 });
  }

  /** @param {import('./store.js').ImageRecord} image @param {number} place */
  toggle(image, place) {
    this.anchor = this.active = place;
    want(this, { type: 'album-select', ids: [image.id], on: !this.album.selected.has(image.id) });
  }

  /** @param {import('./store.js').ImageRecord} image */
  open(image) {
    this.dispatchEvent(new CustomEvent('open-picture', { detail: image.id }));
  }

  /** @param {MouseEvent} event @param {import('./store.js').ImageRecord} image @param {number} place */
  clicked(event, image, place) {
    if (this.held) return; // the finger that rested has chosen it already
    const onMark = /** @type {HTMLElement} */ (event.target).closest('.mark');
    if (event.shiftKey) {
      this.selectTo(place);
      this.active = place;
    } else if (onMark || event.ctrlKey || event.metaKey || this.album.selected.size) {
      this.toggle(image, place);
    } else {
      this.active = this.anchor = place;
      this.open(image);
    }
  }

  /** A finger that rests on a picture chooses it. @param {PointerEvent} event @param {() => void} choose */
  press(event, choose) {
    this.held = false;
    clearTimeout(this.holding);
    if (event.pointerType === 'mouse') return;
    this.pressedAt = { x: event.clientX, y: event.clientY };
    this.holding = setTimeout(() => {
      this.held = true;
      choose();
    }, HOLD_MS);
  }

  /** @param {PointerEvent} event */
  move({ clientX, clientY }) {
    const from = this.pressedAt;
    if (from && Math.hypot(clientX - from.x, clientY - from.y) > SLACK_PX) this.release();
  }

  release() {
    clearTimeout(this.holding);
    this.pressedAt = null;
  }

  render() {
    const { images, selected } = this.album;
    const { layout } = this;
    const { from, to } = this.there;
    const places = Array.from({ length: to - from }, (_, n) => from + n);
    // Where the keys start from is there even out of sight: it is what is read aloud.
    if (this.active < images.length && (this.active < from || this.active >= to)) places.push(this.active);
    return html`<div
      role="listbox"
      aria-multiselectable="true"
      aria-label=${t('page.gallery')}
      aria-activedescendant=${images.length ? `place-${this.active}` : nothing}
      tabindex="0"
      class=${selected.size ? 'choosing' : ''}
      @scroll=${this.scrolled}
      @keydown=${this.key}
      @pointermove=${this.move}
      @pointerup=${this.release}
      @pointercancel=${this.release}
      @contextmenu=${(/** @type {Event} */ event) => this.pressedAt && event.preventDefault()}
    >
      <div class="all" role="presentation" .style=${`height: ${layout.total}px`}>
        ${repeat(
          places,
          (place) => images[place]?.id ?? place,
          (place) => this.renderCell(place, images[place], layout),
        )}
      </div>
    </div>`;
  }

  /** @param {number} place @param {import('./store.js').ImageRecord | undefined} image @param {import('./grid-layout.js').Layout} layout */
  renderCell(place, image, layout) {
    const { left, top } = cellAt(layout, place);
    const at = `transform: translate(${left}px, ${top}px); width: ${layout.width}px; height: ${layout.height}px`;
    const chosen = image ? this.album.selected.has(image.id) : false;
    return html`<div
      role="option"
      id="place-${place}"
      class=${place === this.active ? 'active' : ''}
      .style=${at}
      aria-selected=${chosen}
      aria-posinset=${place + 1}
      aria-setsize=${this.album.images.length}
      aria-label=${image ? spoken(image) : t('gallery.loading')}
      @click=${(/** @type {MouseEvent} */ event) => image && this.clicked(event, image, place)}
      @pointerdown=${(/** @type {PointerEvent} */ event) => image && this.press(event, () => this.toggle(image, place))}
    >
      ${image ? this.renderImage(image) : html`<div class="frame"></div>`}
    </div>`;
  }

  /** @param {import('./store.js').ImageRecord} image */
  renderImage(image) {
    const suffix = suffixOf(image);
    return html`<div class="frame">
        <span class="none" aria-hidden="true">${suffix}</span>
        ${this.hurrying
          ? null
          : html`<img src="${image.url}/thumbnail" alt="" decoding="async" draggable="false" @error=${hide} @load=${reveal} />`}
        ${suffix === 'JPG' ? null : html`<span class="format" aria-hidden="true">${suffix}</span>`}
        <span class="mark" aria-hidden="true"></span>
      </div>
      <span class="name">${image.note ? html`<span aria-hidden="true">✎ </span>` : null}${nameOf(image, SHORT)}</span>`;
  }
}

/** @param {import('./store.js').ImageRecord} image */
function suffixOf({ file_name }) {
  return file_name.split('.').at(-1)?.toUpperCase();
}

/** All that its cell shows, and begins with what is written there. @param {import('./store.js').ImageRecord} image */
function spoken(image) {
  const { width, height, size_bytes, note } = image;
  const facts = [`${width} × ${height}`, formatBytes(size_bytes), note && t('gallery.note')];
  return [`${suffixOf(image)} ${nameOf(image, SHORT)}`, ...facts.filter(Boolean)].join(', ');
}

/** What cannot be shown leaves the name of its format. @param {Event} event */
function hide({ target }) {
  /** @type {HTMLElement} */ (target).style.visibility = 'hidden';
}

/** @param {Event} event */
function reveal({ target }) {
  /** @type {HTMLElement} */ (target).style.visibility = 'visible';
}

customElements.define('picture-grid', PictureGrid);
