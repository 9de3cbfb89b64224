import './camera-control.js';
import './connection-state.js';
import './focus-control.js';
import './jog-pad.js';
import './lamp-control.js';
import './live-view.js';
import './message-list.js';
import './position-readout.js';
import './rig-errors.js';
import './step-choice.js';
import './still-control.js';
import './upkeep-card.js';

import { LitElement, html } from 'lit';
import { io } from 'socket.io-client';

import { controls, want } from './controls.js';
import { request } from './http.js';
import { Microscope } from './microscope.js';
import { shell } from './shell.js';
import { INITIAL, Store, faults, shownCamera, shownLight, statusText, usable } from './store.js';

const STEPS_UM = [1, 10, 100, 1000];
const TABS = /** @type {const} */ ({ move: 'Move', light: 'Light', stills: 'Stills' });

/** The keys that jog, as axis and direction in the picture. @type {Record<string, ['x' | 'y' | 'z', number]>} */
const KEYS = {
  ArrowLeft: ['x', -1],
  ArrowRight: ['x', 1],
  ArrowUp: ['y', -1],
  ArrowDown: ['y', 1],
  PageUp: ['z', 1],
  PageDown: ['z', -1],
};

/** The whole page: it owns the store, hands its parts their share of the state and their intents to the microscope. */
export class EyePiece extends LitElement {
  static properties = { state: { state: true }, stepsUm: { state: true }, tab: { state: true } };

  static styles = [controls, shell];

  constructor() {
    super();
    /** @type {import('./store.js').State} */
    this.state = INITIAL;
    this.stepsUm = { xy: 100, z: 10 };
    /** What a small screen shows. @type {keyof typeof TABS} */
    this.tab = 'move';

    const store = new Store();
    store.onchange = (state) => (this.state = state);
    const socket = io({ path: '/socket.io', transports: ['websocket', 'polling'], reconnectionDelayMax: 2000 });
    this.microscope = new Microscope(socket, store, request);
    /** @type {string | null} */
    this.pressedKey = null;
  }

  firstUpdated() {
    const { microscope } = this;
    const view = this.view;
    microscope.onframe = (metadata, jpeg) => view.offer(metadata, jpeg);
    view.addEventListener('frame-done', (event) =>
      microscope.acknowledge(/** @type {CustomEvent<import('./painter.js').Done>} */ (event).detail),
    );
    this.addEventListener('intent', (event) => microscope.act(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener('keydown', (event) => this.keyDown(event));
    window.addEventListener('keyup', (event) => this.keyUp(event));
    window.addEventListener('blur', () => want(this, { type: 'release' }));
    window.addEventListener('pagehide', () => want(this, { type: 'release' }));
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) view.clear();
      microscope.show(!document.hidden);
    });
    microscope.show(!document.hidden);
  }

  get view() {
    return /** @type {import('./live-view.js').LiveView} */ (this.renderRoot.querySelector('live-view'));
  }

  /** @param {KeyboardEvent} event */
  keyDown(event) {
    if (event.key === 'Escape') {
      want(this, { type: 'stop' });
      for (const dialog of this.dialogs) dialog.close();
    }
    const key = KEYS[event.key];
    const inInput = event.composedPath()[0] instanceof HTMLInputElement;
    if (!key || inInput || this.dialogs.some(({ open }) => open) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (event.repeat || !usable(this.state, 'stage')) return;
    const [axis, sign] = key;
    this.pressedKey = event.key;
    want(this, { type: 'jog', distance: { [`${axis}_um`]: sign * (axis === 'z' ? this.stepsUm.z : this.stepsUm.xy) } });
  }

  /** @param {KeyboardEvent} event */
  keyUp(event) {
    if (event.key !== this.pressedKey) return;
    this.pressedKey = null;
    want(this, { type: 'release' });
  }

  /** @returns {HTMLDialogElement[]} */
  get dialogs() {
    return [...this.renderRoot.querySelectorAll('dialog')];
  }

  /** Not modal, and over the view alone: the stop button stays in reach. @param {'home' | 'upkeep'} id */
  openDialog(id) {
    for (const dialog of this.dialogs) dialog.close();
    this.dialogs.find((dialog) => dialog.id === id)?.show();
  }

  render() {
    const { state } = this;
    return html`
      ${this.renderHeader()}
      <main>
        <live-view .problem=${viewProblem(state)} .clock=${this.microscope.clock}></live-view>
        <message-list .faults=${faults(state)} .messages=${state.messages}></message-list>
        ${this.renderRigErrors()} ${this.renderHomeDialog()} ${this.renderUpkeepDialog()}
      </main>
      <aside data-tab=${this.tab}>
        <nav>
          ${Object.entries(TABS).map(
            ([tab, label]) =>
              html`<button
                aria-pressed=${tab === this.tab}
                @click=${() => (this.tab = /** @type {keyof typeof TABS} */ (tab))}
              >
                ${label}
              </button>`,
          )}
        </nav>
        <div class="sections">${this.renderStage()} ${this.renderLight()} ${this.renderStills()}</div>
        <button class="stop" title="Stop the stage (Esc)" @click=${() => want(this, { type: 'stop' })}>Stop</button>
      </aside>
    `;
  }

  renderHeader() {
    const simulated = this.state.server?.simulated ?? [];
    return html`<header>
      <h1><img src="/page/favicon.svg" alt="" width="24" height="24" />Eyepiece</h1>
      ${simulated.length
        ? html`<p class="banner">Simulated microscope: ${simulated.join(', ')}. No hardware is driven.</p>`
        : null}
      <a href="/dashboard" title="Why a picture stutters">Dashboard</a>
      <button title="Backup, restore, restart" @click=${() => this.openDialog('upkeep')}>Settings</button>
      <connection-state .connection=${this.state.connection}></connection-state>
    </header>`;
  }

  renderStage() {
    const { state, stepsUm } = this;
    const disabled = !usable(state, 'stage');
    const axes = state.stage?.axes ?? {};
    return html`<section class="move" aria-label="Stage">
      <h2>Stage <span class="status">${statusText(state, 'stage')}</span></h2>
      <position-readout .position=${state.stage?.position}></position-readout>
      <div class="pads">
        <jog-pad
          .axes=${axes}
          step=${stepsUm.xy}
          ?disabled=${disabled}
          @home=${() => this.openDialog('home')}
        ></jog-pad>
        <focus-control step=${stepsUm.z} ?disabled=${disabled || !axes.z}></focus-control>
      </div>
      <step-choice
        label="Move by, µm"
        .steps=${STEPS_UM}
        chosen=${stepsUm.xy}
        @step=${(/** @type {CustomEvent<number>} */ event) => (this.stepsUm = { ...stepsUm, xy: event.detail })}
      ></step-choice>
      <step-choice
        label="Focus by, µm"
        .steps=${STEPS_UM}
        chosen=${stepsUm.z}
        @step=${(/** @type {CustomEvent<number>} */ event) => (this.stepsUm = { ...stepsUm, z: event.detail })}
      ></step-choice>
    </section>`;
  }

  renderLight() {
    const { state } = this;
    return html`<section class="light" aria-label="Lamp and camera">
      <lamp-control
        .light=${shownLight(state)}
        .status=${statusText(state, 'light')}
        ?disabled=${!usable(state, 'light')}
      ></lamp-control>
      <camera-control
        .info=${state.camera?.info ?? null}
        .settings=${shownCamera(state)}
        .status=${statusText(state, 'camera')}
        ?disabled=${!usable(state, 'camera')}
      ></camera-control>
    </section>`;
  }

  renderStills() {
    return html`<section class="stills" aria-label="Stills">
      <still-control
        .images=${this.state.images}
        .formats=${this.state.camera?.info?.still_formats ?? []}
        ?taking=${this.state.takingStill}
        ?disabled=${!usable(this.state, 'camera')}
      ></still-control>
    </section>`;
  }

  renderRigErrors() {
    const errors = this.state.server?.rig_errors ?? [];
    if (!errors.length) return null;
    return html`<rig-errors .errors=${errors} ?disabled=${this.state.connection !== 'connected'}></rig-errors>`;
  }

  renderUpkeepDialog() {
    const { connection, restore, server } = this.state;
    return html`<dialog id="upkeep" aria-labelledby="upkeep-title">
      <form method="dialog">
        <h2 id="upkeep-title">Settings <span class="status">Eyepiece ${server?.version}</span></h2>
        <upkeep-card .restore=${restore} ?disabled=${connection !== 'connected'}></upkeep-card>
        <menu><button>Close</button></menu>
      </form>
    </dialog>`;
  }

  renderHomeDialog() {
    const every = Object.entries(this.state.stage?.axes ?? {});
    const axes = every.flatMap(([axis, { can_home }]) => (can_home ? [axis] : []));
    return html`<dialog id="home" aria-labelledby="home-title">
      <form method="dialog">
        <h2 id="home-title">Home the stage?</h2>
        <p>It drives ${axes.join(', ')} to the limit switches, z first. Make sure that nothing stands in the way.</p>
        <menu>
          <button autofocus>Cancel</button>
          <button class="go" @click=${() => want(this, { type: 'home', axes })}>Home</button>
        </menu>
      </form>
    </dialog>`;
  }
}

/** Why there can be no live picture, for people. @param {import('./store.js').State} state */
function viewProblem({ connection, server, camera }) {
  if (connection === 'connecting') return 'Connecting…';
  if (connection === 'reconnecting') return 'The connection is lost. Reconnecting…';
  if (server?.rig_errors?.length) return ''; // which are shown in the picture's place
  if (camera?.status === 'absent') return 'No camera is installed.';
  if (camera?.status === 'fault') return 'The camera does not work.';
  return '';
}

customElements.define('eye-piece', EyePiece);
