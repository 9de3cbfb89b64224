import './ask-dialog.js';
import './focus-control.js';
import './jog-pad.js';
import './objective-picker.js';
import './position-readout.js';
import './stage-notice.js';
import './step-choice.js';

import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { objectiveInPlace } from './optics-state.js';
import { keep, read } from './preferences.js';
import { chosenStep, fullSpeed, steps } from './stage-pace.js';
import { INITIAL, mayDrive, statusText, usable } from './store.js';

const FACES = /** @type {const} */ (['move', 'map', 'places']);

/** @typedef {(typeof FACES)[number]} Face */

/** What the faces are made of that are not seen at first: it is loaded as they are. @type {Record<Face, () => unknown>} */
const LATER = {
  move: () => {},
  map: () => Promise.all([import('./stage-map.js'), import('./go-to.js')]),
  places: () => import('./place-list.js'),
};

/** Where the stage is, through which objective, and what moves it: by hand, on a map, or to named places. */
export class StagePanel extends LitElement {
  static properties = { state: { attribute: false }, face: { state: true }, asking: { state: true }, unloaded: { state: true } };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 6px;
      }
      .head {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(88px, auto);
        align-items: center;
        gap: var(--space-2);
      }
      .unmeasured {
        margin: 0;
        color: var(--text-dim);
        font-size: 13px;
      }
      .unmeasured a {
        color: var(--accent);
      }
      .pads {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 64px;
        gap: var(--space-2);
      }
      .map {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 120px;
        gap: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** @type {Face} */
    this.face = FACES.find((face) => face === read('stage.face')) ?? 'move';
    /** Whether the user is asked if the stage may be homed. */
    this.asking = false;
    /** Whether the face could not be loaded. */
    this.unloaded = false;
    void this.load();
  }

  render() {
    const { state } = this;
    return html`
      <div class="head">
        <h2>${t('stage.title')} <span class="status">${statusText(state, 'stage')}</span></h2>
        <objective-picker .optics=${state.optics} ?disabled=${!mayDrive(state)}></objective-picker>
      </div>
      <div>
        <position-readout .position=${state.stage?.position}></position-readout>
        <stage-notice .state=${state} @home=${() => (this.asking = true)}></stage-notice>
      </div>
      ${this.renderUnmeasured()}
      <div class="choices" role="group" aria-label=${t('stage.faces')}>
        ${FACES.map(
          (face) =>
            html`<button aria-pressed=${face === this.face} @click=${() => this.show(face)}>
              ${t(`stage.face-${face}`)}
            </button>`,
        )}
      </div>
      ${this.renderFace()} ${this.renderHomeDialog()}
    `;
  }

  /** A pixel of unknown size has no scale bar, and no way to the middle: say where it is entered. */
  renderUnmeasured() {
    const inPlace = objectiveInPlace(this.state.optics);
    if (inPlace?.um_per_px !== null) return null;
    return html`<p class="unmeasured">${t('optics.unmeasured')} <a href="#/settings">${t('optics.measure')}</a></p>`;
  }

  /** @param {Face} face */
  show(face) {
    want(this, { type: 'stage-release' }); // a key that is held on what goes is let go of elsewhere
    this.face = face;
    keep('stage.face', face);
    void this.load();
  }

  async load() {
    try {
      await LATER[this.face]();
      this.unloaded = false;
    } catch {
      this.unloaded = true;
    }
  }

  renderFace() {
    const { state } = this;
    if (this.unloaded) return html`<p>${t('page.unloaded')}</p>`;
    switch (this.face) {
      case 'move':
        return this.renderMove();
      case 'map':
        return html`<div class="map"><stage-map .state=${state}></stage-map><go-to .state=${state}></go-to></div>`;
      case 'places':
        return html`<place-list .state=${state}></place-list>`;
    }
  }

  renderMove() {
    const { state } = this;
    const disabled = !usable(state, 'stage');
    const axes = state.stage?.axes ?? {};
    return html`<div class="pads">
        <jog-pad
          .axes=${axes}
          step=${chosenStep(state, 'xy')}
          full=${fullSpeed(state, 'xy')}
          ?disabled=${disabled}
          @home=${() => (this.asking = true)}
        ></jog-pad>
        <focus-control
          .axis=${axes.z}
          um=${state.stage?.position.z_um ?? 0}
          step=${chosenStep(state, 'z')}
          ?disabled=${disabled}
        ></focus-control>
      </div>
      ${this.renderSteps('xy', t('stage.move-by'), t('stage.move-by-spoken'))}
      ${this.renderSteps('z', t('stage.focus-by'), t('stage.focus-by-spoken'))}`;
  }

  /** @param {'xy' | 'z'} axis @param {string} label @param {string} spoken */
  renderSteps(axis, label, spoken) {
    const all = steps(this.state, axis);
    return html`<step-choice
      label=${label}
      spoken=${spoken}
      .steps=${all}
      chosen=${chosenStep(this.state, axis)}
      @step=${(/** @type {CustomEvent<number>} */ { detail: um }) =>
        want(this, { type: 'stage-step', axis, rank: all.indexOf(um) })}
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
