import './objective-form.js';

import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { controls, want } from './controls.js';
import { t } from './settings-text.js';
import { INITIAL } from './store.js';
import { brief } from './units.js';

/** The objectives: what is known of each, a new one, and away with one that is gone. */
export class ObjectiveSettings extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    controls,
    css`
      details {
        border-top: 1px solid var(--line);
      }
      summary {
        min-height: var(--touch);
        line-height: var(--touch);
        cursor: pointer;
      }
      summary span {
        margin-left: var(--space-2);
        color: var(--text-dim);
        font-size: 13px;
      }
      details > div {
        display: grid;
        gap: var(--space-2);
        padding: 0 0 var(--space-3);
      }
      .remove {
        justify-self: start;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    const { optics, connection } = this.state;
    const disabled = connection !== 'connected';
    return html`
      ${repeat(
        optics.objectives,
        ({ id }) => id,
        (objective) => this.renderObjective(objective, objective.id === optics.objective, disabled),
      )}
      <details id="new">
        <summary>${t('optics.add')}</summary>
        <div>
          <objective-form action=${t('optics.add')} ?disabled=${disabled} @facts=${this.added}></objective-form>
        </div>
      </details>
    `;
  }

  /** @param {import('./optics-state.js').Objective} objective @param {boolean} inPlace @param {boolean} disabled */
  renderObjective(objective, inPlace, disabled) {
    const { id, name, um_per_px } = objective;
    const known = um_per_px === null ? t('optics.unmeasured') : `${brief(um_per_px, 4)} ${t('optics.um-per-px')}`;
    return html`<details>
      <summary>${name}<span>${inPlace ? `${t('optics.in-place')} · ` : ''}${known}</span></summary>
      <div>
        <objective-form
          .objective=${objective}
          action=${t('optics.save')}
          ?disabled=${disabled}
          @facts=${(/** @type {CustomEvent} */ { detail }) =>
            want(this, { type: 'optics-change', id, facts: changed(objective, detail) })}
        ></objective-form>
        <button
          class="remove"
          ?disabled=${disabled || inPlace}
          @click=${() => want(this, { type: 'optics-remove', id })}
        >
          ${t('optics.remove')}
        </button>
      </div>
    </details>`;
  }

  /** @param {CustomEvent} event */
  added({ detail }) {
    want(this, { type: 'optics-add', facts: detail });
    /** @type {HTMLDetailsElement} */ (this.renderRoot.querySelector('#new')).open = false;
  }
}

/**
 * The facts that are other than before: a figure that was derived stays derived where nobody touched it.
 *
 * @param {import('./optics-state.js').Objective} objective
 * @param {Record<string, any>} facts
 */
function changed(objective, facts) {
  /** @type {Record<string, any>} */
  const before = objective;
  const same = (/** @type {string} */ name) => JSON.stringify(before[name]) === JSON.stringify(facts[name]);
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !same(name)));
}

customElements.define('objective-settings', ObjectiveSettings);
