import './connection-state.js';

import { LitElement, css, html } from 'lit';

import { controlMatters } from './control-state.js';
import { controls } from './controls.js';
import { icon } from './icons.js';
import { hrefOf } from './route.js';
import { INITIAL } from './store.js';
import { known, t } from './text.js';

const MARK = new URL('./favicon.svg', import.meta.url).href;

/** What the page is, whether it has its microscope, and the ways to its other views. */
export class PageHeader extends LitElement {
  static properties = { state: { attribute: false }, view: { reflect: true } };

  static styles = [
    controls,
    css`
      /* It floats over the picture: between its parts the picture can be touched. */
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: var(--space-2);
        padding: var(--space-1);
        pointer-events: none;
      }
      .group,
      .banner {
        border-radius: var(--radius);
        background: var(--scrim);
        pointer-events: auto;
      }
      .group {
        display: flex;
        flex: none;
        align-items: center;
      }
      a {
        display: flex;
        align-items: center;
        justify-content: center;
        min-width: var(--touch);
        min-height: var(--touch);
        border-radius: var(--radius);
        color: var(--text-dim);
        text-decoration: none;
      }
      a:hover,
      a[aria-current='page'] {
        color: var(--text);
      }
      nav a[aria-current='page'] {
        color: var(--accent);
      }
      img {
        filter: var(--icon-filter);
      }
      .mark {
        gap: var(--space-2);
        padding: 0 var(--space-2);
        color: var(--text);
        font-size: 15px;
        font-weight: 600;
      }
      .banner {
        flex: 1 1 0;
        align-self: center;
        max-width: fit-content;
        margin: 0;
        padding: var(--space-1) var(--space-3);
        color: var(--accent);
        font-size: 12px;
        text-wrap: balance;
      }
      nav {
        margin-left: auto;
      }
      .me {
        max-width: 160px;
        padding: 0 var(--space-3) 0 var(--space-1);
        overflow: hidden;
        font-size: 13px;
        line-height: 1.2;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .me small {
        display: block;
        color: var(--text-dim);
        font-size: 12px;
      }
      connection-state {
        padding: 0 var(--space-3) 0 var(--space-1);
      }
      @media (max-width: 1199px) {
        .me {
          display: none;
        }
        .mark span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
      @media (max-width: 999px) {
        .banner {
          flex-basis: 100%;
          max-width: none;
          order: 1;
          padding: 2px var(--space-2);
          text-align: center;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    /** @type {import('./route.js').View} */
    this.view = 'live';
  }

  render() {
    const { access, server } = this.state;
    const simulated = (server?.simulated ?? []).map((device) => known(`simulated.${device}`) ?? device);
    const warnings = simulated.length ? [t('page.simulated', { devices: simulated.join(', ') })] : [];
    if (access?.auth === false) warnings.push(t('access.banner'));
    return html`
      <div class="group">
        <a class="mark" href=${hrefOf('live')} aria-current=${this.view === 'live' ? 'page' : 'false'}>
          <img src=${MARK} alt="" width="24" height="24" /><span>${t('page.title')}</span>
        </a>
        <connection-state .connection=${this.state.connection}></connection-state>
      </div>
      ${warnings.length ? html`<p class="banner">${warnings.join(' ')}</p>` : null}
      ${controlMatters(this.state) ? html`<control-badge .state=${this.state}></control-badge>` : null}
      <nav class="group" aria-label=${t('page.views')}>
        ${this.renderLink('gallery')}
        <a href="/dashboard" aria-label=${t('page.dashboard')} title=${t('page.dashboard-hint')}>${icon('dashboard')}</a>
        ${this.renderLink('settings')} ${this.renderLink('about')} ${this.renderMe()}
      </nav>
    `;
  }

  /** Who this browser is to the microscope, where it matters. */
  renderMe() {
    const { access } = this.state;
    if (!access?.auth || !access.role) return null;
    return html`<span class="me">${access.name || t('access.guest-name')} <small>${t(`access.role-${access.role}`)}</small></span>`;
  }

  /** @param {'gallery' | 'settings' | 'about'} view */
  renderLink(view) {
    const name = t(`page.${view}`);
    return html`<a href=${hrefOf(view)} aria-label=${name} title=${name} aria-current=${this.view === view ? 'page' : 'false'}
      >${icon(view)}</a
    >`;
  }
}

customElements.define('page-header', PageHeader);
