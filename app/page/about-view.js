import { LitElement, css, html } from 'lit';

import { t } from './about-text.js';
import { controls, want } from './controls.js';
import { INITIAL } from './store.js';
import { viewStyles } from './view-styles.js';

/** What this is: its version, the microscope that it drives, the libraries in it and their licences. */
export class AboutView extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    controls,
    viewStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-2) var(--space-4);
        margin: 0;
      }
      dt {
        color: var(--text-dim);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      p {
        margin: 0;
        color: var(--text-dim);
      }
      a {
        justify-self: start;
        line-height: var(--touch);
        color: var(--accent);
      }
      table {
        width: 100%;
        border-spacing: 0;
      }
      caption {
        padding-bottom: var(--space-2);
        color: var(--text-dim);
        text-align: left;
      }
      th,
      td {
        padding: 6px var(--space-2) 6px 0;
        border-top: 1px solid var(--line);
        font-weight: 400;
        text-align: left;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      td {
        color: var(--text-dim);
      }
      thead th,
      th + td {
        white-space: nowrap;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
  }

  firstUpdated() {
    if (!this.state.local.about) want(this, { type: 'about-load' });
  }

  render() {
    const { about } = this.state.local;
    return html`
      <h1>${t('page.about')}</h1>
      ${this.renderProgram()}
      <section aria-labelledby="libraries">
        <h2 id="libraries">${t('about.libraries')}</h2>
        <p>${t('about.thanks')}</p>
        ${about ? /** @type {const} */ (['server', 'page']).map((where) => this.renderLibraries(where)) : null}
      </section>
    `;
  }

  renderProgram() {
    const { server, camera, stage, local } = this.state;
    const { about } = local;
    const facts = [
      [t('about.version'), server?.version],
      [t('about.licence'), about?.licence],
      [t('device.camera'), camera?.info?.model],
      [t('device.stage'), Object.keys(stage?.axes ?? {}).join(', ')],
      ['Python', about?.python],
      [t('about.system'), about?.system],
    ];
    return html`<section aria-labelledby="program">
      <h2 id="program">Eyepiece</h2>
      <p>${t('about.what')}</p>
      <dl>
        ${facts.map(
          ([name, fact]) =>
            html`<dt>${name}</dt>
              <dd>${fact || '–'}</dd>`,
        )}
      </dl>
      <a href="/docs">${t('about.docs')}</a>
    </section>`;
  }

  /** @param {'server' | 'page'} where */
  renderLibraries(where) {
    const libraries = this.state.local.about?.libraries.filter((library) => library.where === where) ?? [];
    return html`<table>
      <caption>
        ${t(`about.in-${where}`)}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('about.library')}</th>
          <th scope="col">${t('about.version')}</th>
          <th scope="col">${t('about.licence')}</th>
        </tr>
      </thead>
      <tbody>
        ${libraries.map(
          ({ name, version, licence }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${version}</td>
              <td>${licence || '–'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

customElements.define('about-view', AboutView);
