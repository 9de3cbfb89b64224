import { LitElement, html } from 'lit';

import { controls } from './controls.js';
import { INITIAL } from './store.js';
import { t } from './text.js';
import { viewStyles } from './view-styles.js';

/** What this is, and which version of it. */
export class AboutView extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [controls, viewStyles];

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    return html`
      <h1>${t('page.about')}</h1>
      <section>
        <p>${t('about.version', { version: this.state.server?.version ?? '' })}</p>
      </section>
    `;
  }
}

customElements.define('about-view', AboutView);
