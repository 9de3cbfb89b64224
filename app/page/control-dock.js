import { LitElement, html } from 'lit';

import { controls } from './controls.js';
import { dockLayout } from './dock-layout.js';
import { icon } from './icons.js';
import { keep, read } from './preferences.js';
import { INITIAL } from './store.js';
import { t } from './text.js';

/**
 * The panels, in their order.
 *
 * @type {Record<string, {title: import('./text.js').Key, icon: import('./icons.js').Icon,
 *   render: (state: import('./store.js').State) => unknown}>}
 */
const PANELS = {
  stage: {
    title: 'stage.title',
    icon: 'stage',
    render: (state) => html`<stage-panel .state=${state}></stage-panel>`,
  },
  lamp: {
    title: 'lamp.title',
    icon: 'lamp',
    render: (state) => html`<lamp-panel .state=${state}></lamp-panel>`,
  },
  camera: {
    title: 'camera.title',
    icon: 'camera',
    render: (state) => html`<camera-panel .state=${state}></camera-panel>`,
  },
  capture: {
    title: 'capture.title',
    icon: 'capture',
    render: (state) => html`<capture-panel .state=${state}></capture-panel>`,
  },
  measure: {
    title: 'measure.title',
    icon: 'measure',
    render: (state) => html`<measure-panel .state=${state}></measure-panel>`,
  },
};

/** Where several panels can be open at once, as dock-layout.js has it. */
const ROOMY = '(min-width: 720px) and (min-height: 600px)';

/**
 * The panels of controls beside the picture, or below it on a narrow screen, and the tabs that open and close them.
 * Where there is room several are open at once, else one at a time; with none open the picture has all the room.
 */
export class ControlDock extends LitElement {
  static properties = {
    state: { attribute: false },
    ready: { type: Boolean },
    open: { state: true },
    roomy: { state: true },
  };

  static styles = [controls, dockLayout];

  constructor() {
    super();
    this.state = INITIAL;
    /** Whether there are panels: they come with the second stage, and their room is kept. */
    this.ready = false;
    this.media = window.matchMedia(ROOMY);
    this.roomy = this.media.matches;
    this.open = this.remembered();
    this.resized = () => {
      this.roomy = this.media.matches;
      this.open = this.remembered();
    };
  }

  connectedCallback() {
    super.connectedCallback();
    this.media.addEventListener('change', this.resized);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.media.removeEventListener('change', this.resized);
  }

  get preference() {
    return this.roomy ? 'panels.roomy' : 'panels';
  }

  /** Those that were open on such a screen before. @returns {string[]} */
  remembered() {
    const kept = read(this.preference);
    if (kept === null) return this.roomy ? Object.keys(PANELS) : [Object.keys(PANELS)[0]];
    return Object.keys(PANELS).filter((name) => kept.split(' ').includes(name));
  }

  /** Open a panel, or close it; one that is open and scrolled away is brought into sight. @param {string} name */
  async toggle(name) {
    if (this.bringBack(name)) return;
    const others = this.open.filter((other) => other !== name);
    const opens = others.length === this.open.length;
    this.open = [...(this.roomy ? others : []), ...(opens ? [name] : [])];
    keep(this.preference, this.open.join(' '));
    await this.updateComplete;
    if (opens) this.bringBack(name); // below the others there may be no room in sight
  }

  /** @param {string} name */
  bringBack(name) {
    const panel = this.renderRoot.querySelector(`#${name}:not([hidden])`);
    const [box, room] = [panel, this.renderRoot.querySelector('.panels')].map((part) => part?.getBoundingClientRect());
    if (!panel || !box || !room) return false;
    const seen = Math.min(box.bottom, room.bottom) - Math.max(box.top, room.top);
    if (seen >= Math.min(box.height, room.height) / 2) return false;
    panel.scrollIntoView({ block: 'nearest' });
    return true;
  }

  /** The focus goes to the panels, or to their tabs. (A dock that could have it itself would hide them from the Tab key.) */
  focus() {
    const place = /** @type {HTMLElement | null} */ (
      this.renderRoot.querySelector(this.open.length ? '.panels' : '.tabs button')
    );
    place?.focus();
  }

  render() {
    return html`
      <div class="panels" id="panels" tabindex="-1" ?hidden=${!this.open.length} aria-busy=${!this.ready}>
        ${this.ready ? this.renderPanels() : null}
      </div>
      <div class="tabs" role="group" aria-label=${t('dock.panels')}>
        ${Object.entries(PANELS).map(
          ([name, { title, icon: sign }]) =>
            html`<button
              aria-expanded=${this.open.includes(name)}
              aria-controls=${this.ready ? name : 'panels'}
              aria-label=${t('dock.panel', { name: t(title) })}
              @click=${() => this.toggle(name)}
            >
              ${icon(sign)}<span>${t(title)}</span>
            </button>`,
        )}
      </div>
    `;
  }

  renderPanels() {
    return Object.entries(PANELS).map(
      ([name, { title, render }]) =>
        html`<section id=${name} aria-label=${t(title)} ?hidden=${!this.open.includes(name)}>
          ${render(this.state)}
        </section>`,
    );
  }
}

customElements.define('control-dock', ControlDock);
