import { LitElement, css, html } from 'lit';

import { FITTED, fieldSize, panned, pinched, toScreen, zoomed } from './field-view.js';
import { Gestures } from './gestures.js';

const STEP = 1.5;
/** What cannot be shown by browsers is shown as a JPEG. */
const SHOWN = ['image/jpeg', 'image/png'];
/** A finger that goes so far across a picture that fits means the next one. */
const SWIPE_PX = 60;

/**
 * One picture as large as the pane, to be looked at closely: pinch, wheel and drag as in the live view, double tap or
 * double click for its own pixels and back. The thumbnail is there until the picture is. A swipe across a picture that
 * fits is a `turn` event, by 1 or -1.
 */
export class PicturePane extends LitElement {
  static properties = {
    image: { attribute: false },
    name: {},
    view: { state: true },
    size: { state: true },
    failed: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
      touch-action: none;
      user-select: none;
      -webkit-user-select: none;
      cursor: grab;
    }
    img {
      position: absolute;
      top: 0;
      left: 0;
      transform-origin: 0 0;
      max-width: none;
      background: var(--view);
      -webkit-user-drag: none;
    }
    img.whole:not(.there) {
      opacity: 0;
    }
  `;

  constructor() {
    super();
    /** @type {import('./store.js').ImageRecord | null} */
    this.image = null;
    this.name = '';
    this.view = FITTED;
    this.size = { width: 0, height: 0 };
    this.there = false;
    this.failed = false;
    this.swipe = 0;
    this.resized = new ResizeObserver(() => (this.size = { width: this.clientWidth, height: this.clientHeight }));
    this.gestures = new Gestures(this, {
      pan: (dx, dy) => {
        if (this.view.scale === 1) this.swipe += dx;
        else this.view = panned(this.view, this.pane, dx, dy);
      },
      pinch: (before, after) => {
        this.swipe = 0;
        this.view = pinched(this.view, this.pane, before, after);
      },
      zoom: (factor, at) => (this.view = zoomed(this.view, this.pane, factor, at)),
      doubleTap: () => this.toggle(),
      pick: () => this.toggle(),
    });
    this.addEventListener('pointerdown', () => (this.swipe = 0));
    this.addEventListener('pointerup', () => this.turn());
  }

  connectedCallback() {
    super.connectedCallback();
    this.resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  get pane() {
    const { width, height } = this.image ?? { width: 4, height: 3 };
    return { ...this.size, aspect: width / height };
  }

  /** How much larger than fitted the picture is when a pixel of it is one of the screen. */
  get ownScale() {
    const { width } = fieldSize(FITTED, this.pane);
    return this.image && width ? Math.max(1, this.image.width / devicePixelRatio / width) : 1;
  }

  turn() {
    if (this.view.scale === 1 && Math.abs(this.swipe) > SWIPE_PX) {
      this.dispatchEvent(new CustomEvent('turn', { detail: this.swipe < 0 ? 1 : -1 }));
    }
    this.swipe = 0;
  }

  /** Fitted, or pixel by pixel. */
  toggle() {
    this.view = this.view.scale > 1 ? FITTED : { ...FITTED, scale: Math.max(this.ownScale, STEP) };
  }

  /** Closer, farther away, or fitted again. @param {'in' | 'out' | 'fit'} how */
  zoom(how) {
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    this.view = how === 'fit' ? FITTED : zoomed(this.view, this.pane, how === 'in' ? STEP : 1 / STEP, middle);
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has('image') || changed.get('image')?.id === this.image?.id) return;
    this.view = FITTED;
    this.there = this.failed = false;
  }

  render() {
    const { image, pane } = this;
    if (!image || !pane.width) return null;
    const { x, y } = toScreen(this.view, pane, { x: 0, y: 0 });
    const { width, height } = fieldSize(this.view, pane);
    const at = `width: ${width}px; height: ${height}px; transform: translate(${x}px, ${y}px)`;
    const url = SHOWN.includes(image.media_type) ? image.url : `${image.url}/preview`;
    return html`
      <img src="${image.url}/thumbnail" alt="" draggable="false" .style=${at} />
      <img
        class="whole ${this.there ? 'there' : ''}"
        src=${url}
        alt=${this.name}
        draggable="false"
        .style=${at}
        @load=${() => this.end(false)}
        @error=${() => this.end(true)}
      />
    `;
  }

  /** @param {boolean} failed */
  end(failed) {
    this.there = !failed;
    this.failed = failed;
    this.requestUpdate();
    if (failed) this.dispatchEvent(new CustomEvent('unshown'));
  }
}

customElements.define('picture-pane', PicturePane);
