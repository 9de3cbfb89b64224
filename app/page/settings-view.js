import './access-settings.js';
import './objective-settings.js';
import './upkeep-card.js';

import { LitElement, html } from 'lit';

import { may } from './access-state.js';
import { controls } from './controls.js';
import { keep } from './preferences.js';
import { t } from './settings-text.js';
import { INITIAL } from './store.js';
import { LANGUAGES, language } from './text.js';
import { THEMES, showTheme, theme } from './theme.js';
import { viewStyles } from './view-styles.js';

/** What is set seldom: the page's look and language, and the microscope's upkeep. Each part is a section. */
export class SettingsView extends LitElement {
  static properties = { state: { attribute: false }, theme: { state: true } };

  static styles = [controls, viewStyles];

  constructor() {
    super();
    this.state = INITIAL;
    this.theme = theme();
  }

  render() {
    return html`
      <h1>${t('page.settings')}</h1>
      ${this.renderLook()} ${this.renderObjectives()} ${this.renderAccess()} ${this.renderUpkeep()}
    `;
  }

  renderLook() {
    return html`<section aria-labelledby="look">
      <h2 id="look">${t('settings.look')}</h2>
      ${renderChoices(
        t('settings.theme'),
        THEMES.map((name) => ({ name, label: t(`settings.theme-${name}`), chosen: name === this.theme })),
        (name) => {
          this.theme = /** @type {import('./theme.js').Theme} */ (name);
          showTheme(this.theme);
        },
      )}
      ${renderChoices(
        t('settings.language'),
        Object.entries(LANGUAGES).map(([name, label]) => ({ name, label, chosen: name === language })),
        (name) => {
          keep('language', name);
          location.reload(); // every word of the page changes
        },
      )}
    </section>`;
  }

  renderAccess() {
    return html`<section aria-labelledby="access">
      <h2 id="access">${t('settings.access')}</h2>
      <access-settings .state=${this.state}></access-settings>
    </section>`;
  }

  renderObjectives() {
    return html`<section aria-labelledby="objectives">
      <h2 id="objectives">${t('optics.title')}</h2>
      ${this.isOwners ? html`<objective-settings .state=${this.state}></objective-settings>` : renderOwnersOnly()}
    </section>`;
  }

  renderUpkeep() {
    const { connection, local } = this.state;
    return html`<section aria-labelledby="upkeep">
      <h2 id="upkeep">${t('settings.upkeep')}</h2>
      ${
        this.isOwners
          ? html`<upkeep-card .restore=${local.upkeep.restore} ?disabled=${connection !== 'connected'}></upkeep-card>`
          : renderOwnersOnly()
      }
    </section>`;
  }

  /** Whether who looks at this may change it, as far as is known. */
  get isOwners() {
    return !this.state.access || may(this.state, 'owner');
  }
}

const renderOwnersOnly = () => html`<p>${t('access.owners-only')}</p>`;

/**
 * One of a few.
 *
 * @param {string} label
 * @param {{name: string, label: string, chosen: boolean}[]} options
 * @param {(name: string) => void} choose
 */
function renderChoices(label, options, choose) {
  return html`<div class="setting">
    <span aria-hidden="true">${label}</span>
    <div class="choices" role="group" aria-label=${label}>
      ${options.map(
        ({ name, label: text, chosen }) =>
          html`<button aria-pressed=${chosen} lang=${name in LANGUAGES ? name : language} @click=${() => choose(name)}>
            ${text}
          </button>`,
      )}
    </div>
  </div>`;
}

customElements.define('settings-view', SettingsView);
