import { LitElement, css, html } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';

import { agentName } from './agents.js';
import { t } from './dashboard-text.js';
import { THIS_TABLET, viewerName } from './figures.js';
import { UNKNOWN, fixed, formatByteRate, formatMs } from './units.js';

/** @typedef {import('./figures.js').Viewer} Viewer */

const KINDS = { websocket: 'WebSocket', polling: t('viewer.polling'), mjpeg: 'MJPEG' };
const SIZES = { full: t('viewer.full'), reduced: t('viewer.half') };

/** @type {{title: string, hint: string, text: (viewer: Viewer) => string}[]} */
const COLUMNS = [
  { title: t('viewer.size'), hint: t('viewer.size-hint'), text: ({ size }) => SIZES[size] },
  { title: t('viewer.frames'), hint: t('viewer.frames-hint'), text: rate },
  { title: t('viewer.in-flight'), hint: t('viewer.in-flight-hint'), text: inFlight },
  { title: t('viewer.dropped'), hint: t('viewer.dropped-hint'), text: ({ dropped }) => String(sum(dropped)) },
  { title: t('viewer.ack'), hint: t('viewer.ack-hint'), text: ({ ack_ms }) => formatMs(ack_ms) },
  { title: t('part.network'), hint: t('viewer.network-hint'), text: ({ network_ms }) => formatMs(network_ms) },
  { title: t('viewer.painting'), hint: t('viewer.painting-hint'), text: ({ paint_ms }) => formatMs(paint_ms) },
  { title: t('graph.latency'), hint: t('viewer.latency-hint'), text: ({ latency_ms }) => formatMs(latency_ms) },
  { title: t('viewer.link'), hint: t('viewer.link-hint'), text: ({ bytes_per_s }) => formatByteRate(bytes_per_s) },
];

/** All viewers, a row each; on a narrow screen each is a card. */
export class ViewerTable extends LitElement {
  static properties = { viewers: { attribute: false } };

  static styles = css`
    :host {
      display: block;
    }
    table {
      width: 100%;
      border-spacing: 0;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--panel);
      font-size: 13px;
    }
    th,
    td {
      padding: var(--space-2) var(--space-2);
      text-align: right;
      white-space: nowrap;
    }
    td {
      border-top: 1px solid var(--line);
      font-family: var(--figures);
    }
    td:last-child,
    th:last-child {
      padding-right: var(--space-3);
    }
    th:first-child {
      padding-left: var(--space-3);
      text-align: left;
      white-space: normal;
    }
    thead th {
      color: var(--text-dim);
      font-weight: 600;
    }
    tbody th {
      border-top: 1px solid var(--line);
      font-weight: 600;
    }
    tbody th small {
      display: block;
      color: var(--text-dim);
      font-weight: 400;
      font-size: 12px;
    }
    tr.you th {
      box-shadow: inset 3px 0 var(--accent);
    }
    .nobody {
      color: var(--text-dim);
      font-family: inherit;
      text-align: left;
    }
    .about {
      display: none;
    }
    @media (max-width: 899px) {
      table,
      tbody,
      tr,
      th,
      td {
        display: block;
      }
      thead {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      tr {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(104px, 1fr));
        gap: var(--space-1) var(--space-2);
        padding: var(--space-2) var(--space-3);
      }
      tr + tr {
        border-top: 1px solid var(--line);
      }
      tbody th,
      .nobody {
        grid-column: 1 / -1;
      }
      tr.you {
        box-shadow: inset 3px 0 var(--accent);
      }
      tr.you th {
        box-shadow: none;
      }
      th,
      td:last-child,
      td,
      tbody th:first-child {
        padding: 0;
        border: 0;
        text-align: left;
      }
      .about {
        display: block;
        color: var(--text-dim);
        font: 12px/1.3 var(--font);
      }
    }
  `;

  constructor() {
    super();
    /** @type {Viewer[]} */
    this.viewers = [];
  }

  render() {
    return html`<table role="table" aria-label=${t('dash.viewers')}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${t('viewer.viewer')}</th>
          ${COLUMNS.map(({ title, hint }) => html`<th role="columnheader" scope="col" title=${hint}>${title}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${this.viewers.length
          ? repeat(this.ordered(), (viewer) => viewer.id, (viewer) => this.renderRow(viewer))
          : html`<tr role="row">
              <td class="nobody" role="cell" colspan=${COLUMNS.length + 1}>${t('viewer.nobody')}</td>
            </tr>`}
      </tbody>
    </table>`;
  }

  /** This tablet first, the others at places that they keep. */
  ordered() {
    const key = (/** @type {Viewer} */ { you, address, id }) => `${you ? 0 : 1} ${address} ${id}`;
    return [...this.viewers].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** @param {Viewer} viewer */
  renderRow(viewer) {
    const name = viewerName(this.viewers, viewer.id);
    const details = [name === THIS_TABLET ? viewer.address : '', agentName(viewer.agent), KINDS[viewer.kind]];
    return html`<tr role="row" class=${name === THIS_TABLET ? 'you' : ''}>
      <th role="rowheader" scope="row">
        ${name === THIS_TABLET ? t('viewer.this-tablet') : name} <small>${details.filter(Boolean).join(' · ')}</small>
      </th>
      ${COLUMNS.map(
        ({ title, text }) =>
          html`<td role="cell"><span class="about" aria-hidden="true">${title}</span>${text(viewer)}</td>`,
      )}
    </tr>`;
  }
}

/** @param {Viewer} viewer */
function inFlight({ kind, in_flight, window }) {
  return kind === 'mjpeg' ? UNKNOWN : t('viewer.of', { number: in_flight, window });
}

/** @param {Viewer} viewer */
function rate({ fps }) {
  return t('view.rate', { fps: fixed(fps, 1) });
}

/** @param {Record<string, number>} counts */
function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

customElements.define('viewer-table', ViewerTable);
