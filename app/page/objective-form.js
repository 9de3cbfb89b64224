import { LitElement, css, html } from 'lit';

import { controls } from './controls.js';
import { fields } from './fields.js';
import { t } from './settings-text.js';
import { brief } from './units.js';

/** @typedef {import('./optics-state.js').Objective} Objective */

/** The figures of an objective, each with its text and what is allowed: smallest, largest, whether it may be empty. */
const FIGURES = /** @type {const} */ ([
  ['magnification', 'optics.magnification', 0.1, 1000, false],
  ['numerical_aperture', 'optics.aperture', 0.01, 1.7, true],
  ['um_per_px', 'optics.um-per-px', 0.001, 50, true],
]);
const STEPS = /** @type {const} */ ([
  ['xy', 'optics.steps-xy'],
  ['z', 'optics.steps-z'],
]);

/** The facts of one objective, to be typed. A `facts` event (detail: the facts) says what is wanted. */
export class ObjectiveForm extends LitElement {
  static properties = {
    objective: { attribute: false },
    action: {},
    disabled: { type: Boolean },
    wrong: { state: true },
  };

  static styles = [
    controls,
    fields,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(140px, 1fr));
        align-items: end;
        gap: var(--space-2);
      }
      input {
        width: 100%;
      }
      input[aria-invalid='true'] {
        border-color: var(--fault);
      }
      p {
        grid-column: 1 / -1;
        margin: 0;
        color: var(--text-dim);
        font-size: 13px;
      }
      [role='alert'] {
        color: var(--fault);
      }
    `,
  ];

  constructor() {
    super();
    /** `null` for one that is new. @type {Objective | null} */
    this.objective = null;
    this.action = '';
    this.disabled = false;
    /** The names of the fields that are wrong. @type {string[]} */
    this.wrong = [];
  }

  render() {
    const { objective } = this;
    return html`<form novalidate @submit=${this.submitted}>
      ${this.renderField('name', t('optics.name'), objective?.name ?? '')}
      ${FIGURES.map(([name, key]) => this.renderField(name, t(key), written(objective?.[name])))}
      ${STEPS.map(([which, key]) => this.renderField(which, t(key), objective?.steps_um[which].map(written).join('; ') ?? ''))}
      <button class="go" ?disabled=${this.disabled}>${this.action}</button>
      <p>${t('optics.steps-hint')}</p>
      <p role="alert">
        ${this.wrong.map((name) => t('optics.wrong', { field: this.field(name).labels?.[0].textContent?.trim() ?? '' })).join(' ')}
      </p>
    </form>`;
  }

  /** @param {string} name @param {string} label @param {string} value */
  renderField(name, label, value) {
    return html`<label>
      ${label}
      <input
        id=${name}
        maxlength="60"
        autocomplete="off"
        spellcheck="false"
        placeholder=${name === 'name' || name === 'magnification' ? '' : t('optics.not-known')}
        aria-invalid=${this.wrong.includes(name)}
        .value=${value}
      />
    </label>`;
  }

  /** @param {string} name */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector(`#${name}`));
  }

  /** @param {Event} event */
  submitted(event) {
    event.preventDefault();
    /** @type {Record<string, any>} */
    const facts = { name: this.field('name').value.trim() };
    const wrong = facts.name ? [] : ['name'];
    for (const [name, , least, most, optional] of FIGURES) {
      const value = number(this.field(name).value);
      facts[name] = value;
      const fits = value === null ? optional : value >= least && value <= most;
      if (!fits) wrong.push(name);
    }
    const steps = STEPS.map(([which]) => this.field(which).value.split(';').map(number));
    const own = steps.every((list) => list[0] !== null);
    facts.steps_um = own ? { xy: steps[0], z: steps[1] } : null;
    STEPS.forEach(([which], n) => {
      if (own && !ascending(steps[n])) wrong.push(which);
    });
    this.wrong = wrong;
    if (wrong.length) this.field(wrong[0]).focus();
    else this.dispatchEvent(new CustomEvent('facts', { detail: facts }));
  }
}

/** A figure to be typed over, with all that is known of it. @param {number | null | undefined} figure */
function written(figure) {
  return figure == null ? '' : brief(figure, 9);
}

/** `null` for nothing, NaN for what is no number. @param {string} text */
function number(text) {
  return text.trim() ? Number(text.trim().replace(',', '.')) : null;
}

/** @param {(number | null)[]} list */
function ascending(list) {
  return list.length <= 6 && list.every((um, n) => um !== null && um > (n ? (list[n - 1] ?? 0) : 0));
}

customElements.define('objective-form', ObjectiveForm);
