import './connection-state.js';
import './finding-list.js';
import './machine-state.js';
import './picture-path.js';
import './stop-button.js';
import './time-graph.js';
import './viewer-table.js';

import { LitElement, html } from 'lit';

import { controls } from './controls.js';
import { dashboardShell } from './dashboard-shell.js';
import { t } from './dashboard-text.js';
import { FigureFeed } from './figure-feed.js';
import { INITIAL, columns } from './figures.js';
import { GRAPHS, SPANS } from './graphs.js';
import { request } from './http.js';
import { calmText, parts } from './parts.js';
import { language } from './text.js';

/** The whole dashboard: it owns the feed of figures and hands its parts their share of them. */
export class DashBoard extends LitElement {
  static properties = { state: { state: true }, spanS: { state: true }, unstopped: { state: true } };

  static styles = [controls, dashboardShell];

  constructor() {
    super();
    this.state = INITIAL;
    document.documentElement.lang = language;
    document.title = `${t('page.dashboard')} – ${t('page.title')}`;
    /** How far back the graphs show. @type {number} */
    this.spanS = SPANS[0].spanS;
    /** Why the last stop was not carried out. */
    this.unstopped = '';
    this.feed = new FigureFeed(request);
    this.feed.onchange = (state) => (this.state = state);
  }

  firstUpdated() {
    document.addEventListener('visibilitychange', () => this.feed.show(!document.hidden));
    this.feed.show(!document.hidden);
  }

  async stop() {
    this.unstopped = await this.feed.stop();
  }

  render() {
    const { state } = this;
    const viewers = state.now?.viewers ?? [];
    return html`
      <header>
        <a href="/"><span aria-hidden="true">‹</span> ${t('dash.microscope')}</a>
        <h1>${t('page.dashboard')}</h1>
        <connection-state .connection=${state.connection}></connection-state>
      </header>
      <main>
        <finding-list
          .findings=${state.findings}
          .viewers=${viewers}
          .problem=${state.problem}
          .calm=${calmText(state)}
          ?known=${state.now !== null}
        ></finding-list>
        <div class=${state.connection === 'connected' ? '' : 'old'}>
          <picture-path .parts=${parts(state)}></picture-path>
          ${this.renderGraphs()}
          <section aria-labelledby="machine">
            <h2 id="machine">${t('dash.machine')}</h2>
            <machine-state .now=${state.now}></machine-state>
          </section>
          <section aria-labelledby="viewers">
            <h2 id="viewers">${t('dash.viewers')}</h2>
            <viewer-table .viewers=${viewers}></viewer-table>
          </section>
        </div>
      </main>
      <stop-button @intent=${this.stop}></stop-button>
      ${this.unstopped ? html`<p class="unstopped" role="alert">${this.unstopped}</p>` : null}
    `;
  }

  renderGraphs() {
    return html`<section aria-labelledby="graphs">
      <h2 id="graphs">
        ${t('dash.over-time')}
        <div class="choices" role="group" aria-label=${t('dash.span')}>
          ${SPANS.map(
            ({ spanS, label }) =>
              html`<button aria-pressed=${spanS === this.spanS} @click=${() => (this.spanS = spanS)}>${label}</button>`,
          )}
        </div>
      </h2>
      <div class="graphs">
        ${GRAPHS.map(
          (graph) =>
            html`<time-graph
              .graph=${graph}
              .spanS=${this.spanS}
              .columns=${columns(
                this.state,
                graph.lines.map(({ key }) => key),
                this.spanS,
              )}
            ></time-graph>`,
        )}
      </div>
    </section>`;
  }
}

customElements.define('dash-board', DashBoard);
