import { LitElement, css, html } from 'lit';

import { drives, personName, placeInRow } from './control-state.js';
import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { INITIAL } from './store.js';

/** So many of those who wait have a button; the others come up as these go. */
const SHOWN_WAITING = 2;

/** Who drives, and the ways to drive oneself. */
export class ControlBadge extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    controls,
    css`
      /* A line of its own, as long as its words. */
      :host {
        order: 2;
        flex-basis: 100%;
        min-width: 0;
        container-type: inline-size;
      }
      /* However long the names are, it is one row. */
      .badge {
        display: flex;
        width: fit-content;
        max-width: 100%;
        box-sizing: border-box;
        align-items: center;
        gap: var(--space-1);
        /* As high without a button: below it nothing moves when one comes. */
        min-height: var(--touch);
        padding-left: var(--space-3);
        border-radius: var(--radius);
        background: var(--scrim);
        color: var(--text);
        font-size: 13px;
        pointer-events: auto;
      }
      span {
        display: -webkit-box;
        overflow: hidden;
        line-height: 1.2;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
      }
      span:only-child {
        padding-right: var(--space-3);
      }
      button {
        flex: none;
        font-size: 13px;
        white-space: nowrap;
      }
      .give {
        flex: 0 1 auto;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      @container (max-width: 479px) {
        .give ~ .give {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    return html`<div class="badge" role="group" aria-label=${t('control.badge')}>
      <span role="status">${this.renderWho()}</span>${this.renderWays()}
    </div>`;
  }

  renderWho() {
    const driver = this.state.control?.driver;
    if (!driver) return t('control.nobody');
    if (drives(this.state)) return t('control.you');
    const place = placeInRow(this.state);
    const other = t('control.other', { name: personName(driver.name) });
    return place ? `${other} – ${t('control.place', { place })}` : other;
  }

  renderWays() {
    const { control } = this.state;
    if (!control?.driver) return null;
    if (drives(this.state)) {
      return html`${control.waiting.slice(0, SHOWN_WAITING).map(({ id, name }) =>
        this.renderButton(t('control.give', { name: personName(name) }), { type: 'control-give', to: id }, 'give'),
      )}${this.renderButton(t('control.release'), { type: 'control-release' })}`;
    }
    return placeInRow(this.state)
      ? this.renderButton(t('control.withdraw'), { type: 'control-release' })
      : this.renderButton(t('control.ask'), { type: 'control-ask' });
  }

  /** @param {string} text @param {import('./control-deeds.js').ControlIntent} intent @param {string} [kind] */
  renderButton(text, intent, kind = '') {
    return html`<button class=${kind} @click=${() => want(this, intent)}>${text}</button>`;
  }
}

customElements.define('control-badge', ControlBadge);
