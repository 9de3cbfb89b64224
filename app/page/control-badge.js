import { LitElement, css, html } from 'lit';

import { drives, personName, placeInRow } from './control-state.js';
import { controls, want } from './controls.js';
import { INITIAL } from './store.js';
import { t } from './text.js';

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
      }
      .badge {
        display: flex;
        flex-wrap: wrap;
        width: fit-content;
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
      span:only-child {
        padding-right: var(--space-3);
      }
      button {
        font-size: 13px;
        white-space: nowrap;
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
        this.renderButton(t('control.give', { name: personName(name) }), { type: 'control-give', to: id }),
      )}${this.renderButton(t('control.release'), { type: 'control-release' })}`;
    }
    return placeInRow(this.state)
      ? this.renderButton(t('control.withdraw'), { type: 'control-release' })
      : this.renderButton(t('control.ask'), { type: 'control-ask' });
  }

  /** @param {string} text @param {import('./control-deeds.js').ControlIntent} intent */
  renderButton(text, intent) {
    return html`<button @click=${() => want(this, intent)}>${text}</button>`;
  }
}

customElements.define('control-badge', ControlBadge);
