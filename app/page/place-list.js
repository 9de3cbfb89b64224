import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { t } from './controls-text.js';
import { FocusHeir, controls, want } from './controls.js';
import { fields } from './fields.js';
import { icon } from './icons.js';
import { INITIAL, usable } from './store.js';
import { brief } from './units.js';

/** @typedef {import('./place-deeds.js').Place} Place */

/** The named places: go there, add where the stage is, rename, delete and take that back. */
export class PlaceList extends LitElement {
  static properties = { state: { attribute: false }, renaming: { state: true } };

  static styles = [
    controls,
    fields,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      form {
        display: flex;
        gap: var(--space-1);
        min-width: 0;
      }
      input {
        flex: 1;
        min-width: 0;
      }
      ul {
        max-height: 220px;
        margin: 0;
        padding: 0;
        overflow-y: auto;
        list-style: none;
      }
      li {
        display: flex;
        gap: var(--space-1);
        padding: 2px 0;
      }
      li form {
        flex: 1;
      }
      .where {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-align: left;
      }
      .where span {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .where .spot {
        color: var(--text-dim);
        font: 11px/1.3 var(--figures);
      }
      .sign {
        display: grid;
        flex: none;
        place-items: center;
        width: var(--touch);
        padding: 0;
      }
      p {
        margin: 0;
        color: var(--text-dim);
      }
      .deleted {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
      }
      .deleted span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** The id of the place that is being renamed. @type {string | null} */
    this.renaming = null;
    /** What gets the focus next, as soon as it is there: what had it goes. @type {string | null} */
    this.successor = null;
    new FocusHeir(this, () => {
      const next = this.renderRoot.querySelector('.where:enabled') ?? this.renderRoot.querySelector('#name');
      return this.successor ? null : /** @type {HTMLElement} */ (next);
    });
  }

  updated() {
    const next = this.successor && /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(this.successor));
    if (!next) return;
    this.successor = null;
    next.focus();
  }

  render() {
    const { places, local } = this.state;
    const disabled = !usable(this.state, 'stage');
    const { deleted } = local.places;
    return html`
      <form @submit=${this.added}>
        <input
          id="name"
          maxlength="60"
          autocomplete="off"
          aria-label=${t('places.name')}
          placeholder=${this.freeName()}
          ?disabled=${disabled}
        />
        <button ?disabled=${disabled}>${t('places.add')}</button>
      </form>
      ${places.length
        ? html`<ul>
            ${repeat(
              places,
              ({ id }) => id,
              (place) => (place.id === this.renaming ? this.renderRenaming(place) : this.renderPlace(place, disabled)),
            )}
          </ul>`
        : html`<p>${t('places.none')}</p>`}
      <div role="status">
        ${deleted
          ? html`<div class="deleted">
              <span>${t('places.deleted', { name: deleted.name })}</span>
              <button @click=${() => want(this, { type: 'place-undo', place: deleted })}>${t('places.undo')}</button>
            </div>`
          : null}
      </div>
    `;
  }

  /** @param {Place} place @param {boolean} disabled */
  renderPlace(place, disabled) {
    const { id, name, position } = place;
    const spot = /** @type {const} */ (['x', 'y', 'z']).flatMap((axis) => {
      const um = position[`${axis}_um`];
      return um == null ? [] : [`${axis} ${brief(um, 2)}`];
    });
    return html`<li>
      <button
        data-place=${place.id}
        class="where"
        aria-label=${t('places.go', { name })}
        ?disabled=${disabled}
        @click=${() => want(this, { type: 'stage-go-named', id, place: known(position) })}
      >
        <span>${name}</span><span class="spot">${spot.join('  ')}</span>
      </button>
      <button class="sign" aria-label=${t('places.rename', { name })} @click=${() => this.rename(id)}>
        ${icon('rename')}
      </button>
      <button
        class="sign"
        aria-label=${t('places.delete', { name })}
        @click=${() => {
          want(this, { type: 'place-delete', place });
          this.successor = '.deleted button';
        }}
      >
        ${icon('delete')}
      </button>
    </li>`;
  }

  /** @param {Place} place */
  renderRenaming({ id, name }) {
    const ended = () => {
      this.renaming = null;
      this.successor = `[data-place='${id}']`;
    };
    return html`<li>
      <form
        @submit=${(/** @type {Event & {target: HTMLFormElement}} */ event) => {
          event.preventDefault();
          const { value } = /** @type {HTMLInputElement} */ (event.target.querySelector('input'));
          if (value.trim() && value !== name) want(this, { type: 'place-rename', id, name: value });
          ended();
        }}
        @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && ended()}
      >
        <input class="new" maxlength="60" autocomplete="off" aria-label=${t('places.new-name', { name })} .value=${name} />
        <button>${t('places.save')}</button>
      </form>
    </li>`;
  }

  /** @param {string} id */
  async rename(id) {
    this.renaming = id;
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('.new'))?.select();
  }

  /** The first name of its kind that no place has. */
  freeName() {
    const taken = new Set(this.state.places.map(({ name }) => name.toLowerCase()));
    let number = 1;
    while (taken.has(t('places.nth', { number }).toLowerCase())) number += 1;
    return t('places.nth', { number });
  }

  /** @param {Event} event */
  added(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('#name'));
    want(this, { type: 'place-add', name: input.value.trim() || this.freeName() });
    input.value = '';
  }
}

/** The axes alone that a place names. @param {import('./place-deeds.js').Spot} position */
function known(position) {
  return Object.fromEntries(Object.entries(position).filter(([, um]) => um != null));
}

customElements.define('place-list', PlaceList);
