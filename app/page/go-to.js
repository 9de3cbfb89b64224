import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { UNITS, coordinateText, parseCoordinate } from './coordinates.js';
import { keep, read } from './preferences.js';
import { INITIAL, usable } from './store.js';

const AXES = /** @type {const} */ (['x', 'y', 'z']);

/** @typedef {'x' | 'y' | 'z'} Axis */

/** Goes to coordinates that are typed; an axis that is left empty stays. What cannot be is said beside its field. */
export class GoTo extends LitElement {
  static properties = { state: { attribute: false }, unit: { state: true }, wrong: { state: true } };

  static styles = [
    controls,
    css`
      form {
        display: grid;
        gap: var(--space-1);
      }
      .axis {
        display: grid;
        grid-template-columns: 16px minmax(0, 1fr);
        align-items: center;
        gap: var(--space-1);
      }
      input,
      select {
        width: 100%;
        min-height: var(--touch);
        padding: 0 var(--space-2);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--ground);
        color: var(--text);
        font: 16px/1 var(--figures);
      }
      select {
        padding: 0 0 0 6px;
        background: var(--raised);
        font-family: inherit;
      }
      input[aria-invalid='true'] {
        border-color: var(--fault);
      }
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr) var(--touch);
        gap: var(--space-1);
      }
      button {
        padding: 0 var(--space-1);
      }
      p {
        margin: 0;
        color: var(--fault);
        font-size: 13px;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** @type {import('./coordinates.js').Unit} */
    this.unit = read('unit') === 'mm' ? 'mm' : 'µm';
    /** What is wrong, by axis. @type {Partial<Record<Axis, string>>} */
    this.wrong = {};
  }

  render() {
    const axes = this.state.stage?.axes ?? {};
    const disabled = !usable(this.state, 'stage');
    return html`<form novalidate @submit=${this.submitted}>
      ${AXES.map((axis) => (axes[axis] ? this.renderAxis(axis, disabled) : null))}
      <p role="alert">${Object.values(this.wrong).join(' ')}</p>
      <div class="row">
        <select
          aria-label=${t('stage.unit')}
          @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) =>
            this.chosen(/** @type {import('./coordinates.js').Unit} */ (target.value))}
        >
          ${Object.keys(UNITS).map((unit) => html`<option .selected=${unit === this.unit}>${unit}</option>`)}
        </select>
        <button class="go" ?disabled=${disabled}>${t('stage.go')}</button>
      </div>
      <button type="button" ?disabled=${disabled} @click=${this.fillIn}>${t('stage.fill-in')}</button>
    </form>`;
  }

  /** @param {Axis} axis @param {boolean} disabled */
  renderAxis(axis, disabled) {
    return html`<div class="axis">
      <label for=${axis}>${axis}</label>
      <input
        id=${axis}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        enterkeyhint="go"
        aria-label=${t('stage.coordinate', { axis, unit: this.unit })}
        aria-invalid=${Boolean(this.wrong[axis])}
        ?disabled=${disabled}
      />
    </div>`;
  }

  /** @param {Axis} axis @returns {HTMLInputElement | null} */
  field(axis) {
    return this.renderRoot.querySelector(`#${axis}`);
  }

  /** What is typed means the same in the other unit. @param {import('./coordinates.js').Unit} unit */
  chosen(unit) {
    for (const axis of AXES) {
      const field = this.field(axis);
      const um = parseCoordinate(field?.value ?? '', this.unit);
      if (field && um !== null && !Number.isNaN(um)) field.value = coordinateText(um, unit);
    }
    this.unit = unit;
    keep('unit', unit);
  }

  fillIn() {
    const position = this.state.stage?.position;
    for (const axis of AXES) {
      const field = this.field(axis);
      if (field && position) field.value = coordinateText(position[`${axis}_um`], this.unit);
    }
    this.wrong = {};
  }

  /** @param {Event} event */
  submitted(event) {
    event.preventDefault();
    /** @type {import('./jogger.js').Distance} */
    const place = {};
    /** @type {Partial<Record<Axis, string>>} */
    const wrong = {};
    for (const axis of AXES) {
      const um = parseCoordinate(this.field(axis)?.value ?? '', this.unit);
      const problem = this.problem(axis, um);
      if (problem) wrong[axis] = problem;
      else if (um !== null) place[`${axis}_um`] = um;
    }
    this.wrong = wrong;
    const [first] = /** @type {Axis[]} */ (Object.keys(wrong));
    if (first) this.field(first)?.focus();
    else if (Object.keys(place).length) want(this, { type: 'stage-go', place });
  }

  /** @param {Axis} axis @param {number | null} um @returns {string | null} */
  problem(axis, um) {
    const limits = this.state.stage?.axes[axis]?.limits_um;
    if (um === null || !limits) return null;
    if (Number.isNaN(um)) return t('stage.no-number', { axis });
    if (um >= limits.minimum && um <= limits.maximum) return null;
    const [minimum, maximum] = [limits.minimum, limits.maximum].map((end) => coordinateText(end, this.unit));
    return t('stage.outside', { axis, minimum, maximum, unit: this.unit });
  }
}

customElements.define('go-to', GoTo);
