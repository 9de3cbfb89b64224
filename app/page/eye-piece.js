// The first stage: what is imported here, and by what is imported here, comes before the first picture. That picture and
// the stop button need no more; all else is in second-stage.js.
import './control-dock.js';
import './live-view.js';
import './page-header.js';
import './stop-button.js';

import { LitElement, html } from 'lit';

import { socket } from './connection.js';
import { FocusHeir, controls } from './controls.js';
import { requestFor } from './http.js';
import { insist } from './insist.js';
import { Microscope } from './microscope.js';
import { loadAnew, newerVersion } from './own-version.js';
import { routeOf } from './route.js';
import { shell } from './shell.js';
import { storageWarnings } from './storage-state.js';
import { INITIAL, Store, faults } from './store.js';
import { inLanguage, language, learn, t } from './text.js';

/** The views that are loaded when they are first looked at. */
const LATER = {
  gallery: () => import('./gallery-view.js'),
  settings: () => import('./settings-view.js'),
  about: () => import('./about-view.js'),
};

/** Without a picture by then, the rest does not wait for it. */
const FIRST_PICTURE_MS = 1000;

/** The whole page: it owns the store, hands its parts the state and their intents to the microscope. */
export class EyePiece extends LitElement {
  static properties = {
    state: { state: true },
    route: { state: true },
    unloaded: { state: true },
    complete: { state: true },
    late: { state: true },
  };

  static styles = [controls, shell];

  constructor() {
    super();
    /** @type {import('./store.js').State} */
    this.state = INITIAL;
    this.route = routeOf(location.hash);
    /** Whether the view could not be loaded. */
    this.unloaded = false;
    /** Whether the second stage is there. */
    this.complete = false;
    /** Whether that could not be loaded, and is being tried again. */
    this.late = false;
    /** Its loading. @type {Promise<void> | null} */
    this.rest = null;
    /** Whether the server has a newer page, and loading anew did not bring it. */
    this.outdated = false;

    // Who is let in, or goes back to the picture.
    new FocusHeir(this, () => this.skipped);

    const store = new Store();
    store.onchange = (state) => (this.state = state);
    this.microscope = new Microscope(socket, store, requestFor(socket));
    socket.connect();
    document.documentElement.lang = language;
  }

  /** Whether the live picture is what is seen. */
  get live() {
    return this.route.view === 'live';
  }

  firstUpdated() {
    const { microscope, view } = this;
    microscope.onframe = (metadata, jpeg) => view.offer(metadata, jpeg);
    view.addEventListener('frame-done', (event) => {
      const { detail } = /** @type {CustomEvent<import('./painter.js').Done>} */ (event);
      microscope.acknowledge(detail);
      // After it is on the screen.
      if (detail.paintedMs && !this.rest) setTimeout(() => this.loadRest());
    });
    this.addEventListener('intent', (event) => microscope.act(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener('visibilitychange', () => this.showPicture());
    window.addEventListener('hashchange', () => this.go());
    this.go();
    setTimeout(() => this.loadRest(), FIRST_PICTURE_MS);
  }

  /** The second stage; it is asked for once. */
  loadRest() {
    this.rest ??= this.insistOnRest();
    return this.rest;
  }

  async insistOnRest() {
    const template = /** @type {HTMLTemplateElement} */ (document.querySelector('#second-stage'));
    const links = [...template.content.querySelectorAll('link')];
    const { begin } = await insist(
      links.map((link) => inLanguage(link.getAttribute('href') ?? '')),
      () => import('./second-stage.js'),
      () => (this.late = true),
    );
    begin(this);
    this.late = false;
    this.complete = true;
  }

  get view() {
    return /** @type {import('./live-view.js').LiveView} */ (this.renderRoot.querySelector('live-view'));
  }

  /** The address has changed: load what it names, and look there. */
  async go() {
    const before = this.route.view;
    this.route = routeOf(location.hash);
    this.showPicture();
    const { view } = this.route;
    document.title = view === 'live' ? t('page.title') : `${t(`page.${view}`)} – ${t('page.title')}`;
    if (view === 'live') return;
    try {
      await this.loadRest(); // it has their deeds
      await Promise.all([LATER[view](), learn(view)]); // not one after the other
      this.unloaded = false;
    } catch {
      this.unloaded = true;
    }
    await this.updateComplete;
    if (view === before) return; // within a view, the view itself knows what has the focus
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('main'))?.focus();
  }

  /** Frames come for as long as somebody can see them. */
  showPicture() {
    const seen = this.live && !document.hidden;
    if (!seen) this.view.clear();
    this.microscope.show(seen);
  }

  /** A page that is older than its server is loaded anew. @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('state')) return;
    if (this.state.local.access.unpaired) void this.loadRest();
    const version = newerVersion(this.state.server);
    this.outdated = version !== null && !loadAnew(version);
  }

  render() {
    const { state, route } = this;
    const { unpaired } = state.local.access;
    // What is covered is out of reach of the Tab key as well; the stop button never is.
    const covered = unpaired || (route.view === 'gallery' && route.path !== '');
    return html`
      ${unpaired ? html`<pair-view .access=${state.local.access}></pair-view>` : null}
      <a class="skip" href="#controls" ?inert=${covered} @click=${this.skip}>${t('page.skip')}</a>
      <page-header .state=${state} view=${route.view} ?inert=${covered}></page-header>
      <live-view
        ?hidden=${!this.live}
        ?inert=${unpaired}
        .problem=${viewProblem(state)}
        .clock=${this.microscope.clock}
        .state=${state}
      ></live-view>
      <main tabindex="-1" ?hidden=${this.live} ?inert=${unpaired}>${this.renderView()}</main>
      <div class="messages">
        ${this.outdated ? this.renderOutdated() : null} ${this.late ? this.renderLate() : null}
        ${storageWarnings(state).map((text) => html`<p class="notice" role="status">${text}</p>`)}
        <fault-cards .faults=${faults(state)}></fault-cards>
        <message-list .messages=${state.local.messages}></message-list>
      </div>
      ${this.renderRigErrors()}
      <control-dock
        ?hidden=${!this.live}
        ?inert=${unpaired}
        ?ready=${this.complete}
        .state=${state}
      ></control-dock>
      <stop-button></stop-button>
    `;
  }

  /** @param {Event} event */
  skip(event) {
    event.preventDefault(); // the hash is the view's
    this.skipped?.focus();
  }

  /** What follows the header. @returns {HTMLElement | null} */
  get skipped() {
    return this.renderRoot.querySelector(this.live ? 'control-dock' : 'main');
  }

  renderView() {
    const { state } = this;
    const { view, path } = this.route;
    if (this.unloaded) {
      return html`<p>${t('page.unloaded')}</p>
        <button @click=${() => location.reload()}>${t('page.reload')}</button>`;
    }
    switch (view) {
      case 'gallery':
        return html`<gallery-view .state=${state} path=${path}></gallery-view>`;
      case 'settings':
        return html`<settings-view .state=${state}></settings-view>`;
      case 'about':
        return html`<about-view .state=${state}></about-view>`;
      default:
        return null;
    }
  }

  renderOutdated() {
    return html`<p class="outdated" role="status">
      ${t('page.outdated')} <button @click=${() => location.reload()}>${t('page.reload')}</button>
    </p>`;
  }

  renderLate() {
    return html`<p class="outdated" role="alert">
      ${t('page.late')} <button @click=${() => location.reload()}>${t('page.reload')}</button>
    </p>`;
  }

  renderRigErrors() {
    const errors = this.state.server?.rig_errors ?? [];
    if (!errors.length || !this.live) return null;
    return html`<rig-errors .errors=${errors} ?disabled=${this.state.connection !== 'connected'}></rig-errors>`;
  }
}

/** Why there can be no live picture, for people. @param {import('./store.js').State} state */
function viewProblem({ connection, server, camera }) {
  if (connection === 'connecting') return t('view.connecting');
  if (connection === 'unreachable') return t('view.unreachable');
  if (connection === 'reconnecting') return t('view.lost');
  if (server?.rig_errors?.length) return ''; // which are shown in the picture's place
  if (camera?.status === 'absent') return t('view.absent');
  if (camera?.status === 'fault') return t('view.fault');
  return '';
}

customElements.define('eye-piece', EyePiece);
