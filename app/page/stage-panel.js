import './ask-dialog.js';
import './focus-control.js';
import './jog-pad.js';
import './position-readout.js';
import './step-choice.js';

import { LitElement, css, html } from 'lit';

import { controls, want } from './controls.js';
import { INITIAL, statusText, usable } from './store.js';
import { t } from './text.js';

const STEPS_UM = [1, 10, 100, 1000];

/** Where the stage is, and what moves it. */
export class StagePanel extends LitElement {
  static properties = { state: { attribute: false }, asking: { state: true } };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 6px;
      }
      .pads {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 76px;
        gap: var(--space-4);
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** Whether the user is asked if the stage may be homed. */
    this.asking = false;
  }

  render() {
    const { state } = this;
    const { stepsUm } = state.local.stage;
    const disabled = !usable(state, 'stage');
    const axes = state.stage?.axes ?? {};
    return html`
      <h2>${t('stage.title')} <span class="status">${statusText(state, 'stage')}</span></h2>
      <position-readout .position=${state.stage?.position}></position-readout>
      <div class="pads">
        <jog-pad .axes=${axes} step=${stepsUm.xy} ?disabled=${disabled} @home=${() => (this.asking = true)}></jog-pad>
        <focus-control step=${stepsUm.z} ?disabled=${disabled || !axes.z}></focus-control>
      </div>
      ${this.renderSteps('xy', t('stage.move-by'), t('stage.move-by-spoken'))}
      ${this.renderSteps('z', t('stage.focus-by'), t('stage.focus-by-spoken'))} ${this.renderHomeDialog()}
    `;
  }

  /** @param {'xy' | 'z'} axis @param {string} label @param {string} spoken */
  renderSteps(axis, label, spoken) {
    return html`<step-choice
      label=${label}
      spoken=${spoken}
      .steps=${STEPS_UM}
      chosen=${this.state.local.stage.stepsUm[axis]}
      @step=${(/** @type {CustomEvent<number>} */ { detail: um }) => want(this, { type: 'stage-step', axis, um })}
    ></step-choice>`;
  }

  renderHomeDialog() {
    const every = Object.entries(this.state.stage?.axes ?? {});
    const axes = every.flatMap(([axis, { can_home }]) => (can_home ? [axis] : []));
    return html`<ask-dialog
      ?open=${this.asking}
      heading=${t('stage.home-title')}
      action=${t('stage.home')}
      @cancel=${() => (this.asking = false)}
      @action=${() => {
        this.asking = false;
        want(this, { type: 'stage-home', axes });
      }}
    >
      <p>${t('stage.home-text', { axes: axes.join(', ') })}</p>
    </ask-dialog>`;
  }
}

customElements.define('stage-panel', StagePanel);
