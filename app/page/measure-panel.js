import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { t } from './controls-text.js';
import { FocusHeir, controls, want } from './controls.js';
import { formatMark } from './measures.js';
import { MOST_MARKS, hasScale } from './overlay-state.js';
import { INITIAL } from './store.js';

const PARTS = /** @type {const} */ ([
  ['scaleBar', 'measure.scale-bar'],
  ['grid', 'measure.grid'],
  ['crosshair', 'measure.crosshair'],
]);
/** @type {import('./measures.js').Kind[]} */
const KINDS = ['ruler', 'angle'];

/** What is drawn over the picture, and what is measured in it. */
export class MeasurePanel extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    controls,
    css`
      .row {
        display: flex;
        gap: 6px;
        margin: 6px 0;
      }
      .row button {
        flex: 1;
        min-width: 0;
        padding: 0 var(--space-1);
      }
      p {
        margin: 6px 0;
        color: var(--text-dim);
        font-size: 13px;
      }
      ul {
        display: grid;
        gap: 4px;
        margin: 6px 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 4px;
      }
      li .mark {
        display: flex;
        flex: 1;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
        text-align: left;
      }
      li b {
        font: 14px/1 var(--figures);
      }
      li .delete {
        flex: none;
        min-width: var(--touch);
        padding: 0;
        font-size: 18px;
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--touch);
        cursor: pointer;
      }
      input {
        flex: none;
        width: 22px;
        height: 22px;
        margin: 0;
        accent-color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** The place in the list of the mark that was deleted last. */
    this.deleted = 0;
    new FocusHeir(this, () => this.heir());
  }

  /** After a mark, the one in its place; after the last, what makes another. */
  heir() {
    const left = this.renderRoot.querySelectorAll('.delete');
    const next = left[Math.min(this.deleted, left.length - 1)] ?? this.renderRoot.querySelector('.row button:enabled');
    return /** @type {HTMLElement | null} */ (next);
  }

  render() {
    const { overlay } = this.state.local;
    const scaled = hasScale(this.state);
    const full = overlay.marks.length >= MOST_MARKS;
    return html`
      <h2>
        ${t('measure.title')}
        ${overlay.marks.length > 1
          ? html`<button @click=${() => want(this, { type: 'overlay-clear' })}>${t('measure.clear')}</button>`
          : null}
      </h2>
      <div class="row" role="group" aria-label=${t('measure.shown')}>
        ${PARTS.map(
          ([part, name]) =>
            html`<button
              aria-pressed=${overlay[part]}
              ?disabled=${!scaled && part !== 'crosshair'}
              @click=${() => want(this, { type: 'overlay-show', part, on: !overlay[part] })}
            >
              ${t(name)}
            </button>`,
        )}
      </div>
      <div class="row" role="group" aria-label=${t('measure.new')}>
        ${KINDS.map(
          (kind) =>
            html`<button
              ?disabled=${!scaled || full}
              @click=${() => want(this, { type: 'overlay-add', kind })}
            >
              ${t(`measure.add-${kind}`)}
            </button>`,
        )}
      </div>
      ${scaled ? null : html`<p>${t('measure.no-scale')}</p>`}
      ${overlay.marks.length && scaled ? this.renderMarks() : null}
      <label>
        <input
          type="checkbox"
          .checked=${overlay.withStill}
          @change=${(/** @type {Event} */ event) => {
            const { checked } = /** @type {HTMLInputElement} */ (event.target);
            want(this, { type: 'overlay-show', part: 'withStill', on: checked });
          }}
        />
        ${t('measure.with-still')}
      </label>
    `;
  }

  renderMarks() {
    const { marks, chosen } = this.state.local.overlay;
    return html`<ul aria-label=${t('measure.list')}>
      ${repeat(
        marks,
        ({ id }) => id,
        (mark, place) => {
          const name = t(`measure.${mark.kind}`, { number: mark.id });
          return html`<li>
            <button
              class="mark"
              aria-pressed=${mark.id === chosen}
              @click=${() => want(this, { type: 'overlay-choose', id: mark.id === chosen ? null : mark.id })}
            >
              <span>${name}</span><b>${formatMark(mark)}</b>
            </button>
            <button
              class="delete"
              aria-label=${t('measure.delete', { mark: name })}
              @click=${() => {
                this.deleted = place;
                want(this, { type: 'overlay-delete', id: mark.id });
              }}
            >
              ×
            </button>
          </li>`;
        },
      )}
    </ul>`;
  }
}

customElements.define('measure-panel', MeasurePanel);
