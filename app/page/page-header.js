import './connection-state.js';
import './control-badge.js';

import { LitElement, css, html } from 'lit';

import { controlMatters } from './control-state.js';
import { controls } from './controls.js';
import { icon } from './icons.js';
import { hrefOf } from './route.js';
import { INITIAL } from './store.js';
import { t } from './text.js';

/** What the page is, whether it has its microscope, and the ways to its other views. */
export class PageHeader extends LitElement {
  static properties = { state: { attribute: false }, view: {} };

  static styles = [
    controls,
    css`
      /* It floats over the picture: between its parts the picture can be touched. */
      :host {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
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
      a[aria-current='page'] {
        color: var(--accent);
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
      connection-state {
        padding: 0 var(--space-3) 0 var(--space-1);
      }
      @media (max-width: 719px) {
        .mark span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
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
    const simulated = this.state.server?.simulated ?? [];
    return html`
      <div class="group">
        <a class="mark" href=${hrefOf('live')} aria-current=${this.view === 'live' ? 'page' : 'false'}>
          <img src="/page/favicon.svg" alt="" width="24" height="24" /><span>${t('page.title')}</span>
        </a>
        <connection-state .connection=${this.state.connection}></connection-state>
      </div>
      ${simulated.length
        ? html`<p class="banner">${t('page.simulated', { devices: simulated.join(', ') })}</p>`
        : null}
      ${controlMatters(this.state) ? html`<control-badge .state=${this.state}></control-badge>` : null}
      <nav class="group" aria-label=${t('page.views')}>
        ${this.renderLink('gallery')}
        <a href="/dashboard" aria-label=${t('page.dashboard')} title=${t('page.dashboard-hint')}>${icon('dashboard')}</a>
        ${this.renderLink('settings')} ${this.renderLink('about')}
      </nav>
    `;
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
