import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { controls, want } from './controls.js';
import { fields } from './fields.js';
import { t } from './gallery-text.js';
import { brief, formatBytes, formatExposure, formatGain, formatUm } from './units.js';
import { language } from './text.js';

/** All that is known of a picture, with its title and note to be written. What is written is kept when one leaves the field. */
export class PictureFacts extends LitElement {
  static properties = { image: { attribute: false }, facts: { attribute: false }, disabled: { type: Boolean } };

  static styles = [
    controls,
    fields,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: var(--space-3);
        /* Its end is clear of the stop button. */
        padding: var(--space-3) var(--space-3) calc(var(--stop) + 2 * var(--space-4));
        overflow-y: auto;
        background: var(--panel);
        color: var(--text);
      }
      input,
      textarea {
        width: 100%;
      }
      textarea {
        min-height: 96px;
        padding: var(--space-2);
        resize: vertical;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-1) var(--space-3);
        margin: 0;
        font-size: 13px;
      }
      dt {
        color: var(--text-dim);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./store.js').ImageRecord | null} */
    this.image = null;
    /** @type {Record<string, any> | null} */
    this.facts = null;
    this.disabled = false;
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    const { image } = this;
    if (image && changed.has('image') && changed.get('image')?.id !== image.id) {
      want(this, { type: 'album-facts', id: image.id });
    }
  }

  /** @param {'title' | 'note'} what @param {Event} event */
  describe(what, { target }) {
    const { image } = this;
    const text = /** @type {HTMLInputElement} */ (target).value.trim();
    if (image && text !== image[what]) want(this, { type: 'album-describe', id: image.id, [what]: text });
  }

  /** Enter in a line ends it. @param {KeyboardEvent} event */
  enter({ key, target }) {
    if (key === 'Enter') /** @type {HTMLElement} */ (target).blur();
  }

  render() {
    const { image, disabled } = this;
    if (!image) return null;
    const facts = this.facts?.id === image.id ? { ...this.facts, ...image } : image;
    return html`
      ${repeat([image], ({ id }) => id, () => this.renderFields(image))}
      <dl>
        ${rows(facts).map(([key, value]) => html`<dt>${t(key)}</dt><dd>${value}</dd>`)}
      </dl>
    `;
  }

  /** Each picture has fields of its own: what is being written is not carried over. @param {import('./store.js').ImageRecord} image */
  renderFields({ title, note }) {
    return html`<label
        >${t('gallery.name')}
        <input
          maxlength="200"
          ?disabled=${this.disabled}
          .value=${title}
          @change=${(/** @type {Event} */ event) => this.describe('title', event)}
          @keydown=${this.enter}
      /></label>
      <label
        >${t('gallery.note')}
        <textarea
          maxlength="10000"
          ?disabled=${this.disabled}
          .value=${note}
          @change=${(/** @type {Event} */ event) => this.describe('note', event)}
        ></textarea>
      </label>`;
  }
}

/** What is known, in words; what is not is left out. @param {Record<string, any>} facts */
export function rows(facts) {
  const { position, um_per_px, red_gain, blue_gain } = facts;
  const field = um_per_px && `${formatUm(facts.width * um_per_px)} × ${formatUm(facts.height * um_per_px)} µm`;
  /** @type {[import('./text.js').Key<'gallery'>, string | undefined | null | false | 0][]} */
  const all = [
    ['gallery.taken', new Date(facts.captured_at * 1000).toLocaleString(language)],
    ['gallery.size', `${facts.width} × ${facts.height}, ${formatBytes(facts.size_bytes)}`],
    ['gallery.exposure', facts.exposure_us && formatExposure(facts.exposure_us)],
    ['gallery.gain', facts.gain && formatGain(facts.gain)],
    ['gallery.colour-gains', red_gain && blue_gain && `${formatGain(red_gain)}; ${formatGain(blue_gain)}`],
    ['gallery.objective', facts.objective],
    ['gallery.pixel', um_per_px && `${brief(um_per_px, 4)} µm`],
    ['gallery.field', field],
    ['gallery.position', position && ['x_um', 'y_um', 'z_um'].map((axis) => formatUm(position[axis])).join('; ') + ' µm'],
    ['gallery.lens', facts.lens_dioptres && `${brief(facts.lens_dioptres, 2)} dpt`],
    ['gallery.camera', facts.model],
    ['gallery.software', facts.software],
    ['gallery.file', facts.file_name],
  ];
  return all.flatMap(([key, value]) => (value ? [/** @type {const} */ ([key, value])] : []));
}

customElements.define('picture-facts', PictureFacts);
