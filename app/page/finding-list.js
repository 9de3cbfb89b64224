import { LitElement, css, html } from 'lit';

import { t } from './dashboard-text.js';
import { viewerName } from './figures.js';
import { PARTS, SIGNS } from './parts.js';
import { known, language } from './text.js';

const WELL = t('dash.well');

/** In words, and large: why the picture stutters, or that all is well. Its height never changes. */
export class FindingList extends LitElement {
  static properties = {
    findings: { attribute: false },
    viewers: { attribute: false },
    problem: {},
    calm: {},
    known: { type: Boolean },
    announced: { state: true },
  };

  static styles = css`
    :host {
      display: block;
    }
    section {
      box-sizing: border-box;
      height: 148px;
      padding: var(--space-3) var(--space-4);
      overflow-y: auto;
      border: 1px solid var(--line);
      border-left-width: 4px;
      border-radius: var(--radius);
      background: var(--panel);
    }
    [data-severity='well'] {
      border-left-color: var(--well);
    }
    [data-severity='warning'] {
      border-left-color: var(--accent);
    }
    [data-severity='error'] {
      border-left-color: var(--danger);
    }
    ul {
      display: grid;
      gap: var(--space-3);
      margin: 0;
      padding: 0;
      list-style: none;
    }
    p {
      max-width: 90ch;
      margin: 0;
      font-size: 16px;
      overflow-wrap: anywhere;
    }
    li:first-child p,
    .line p {
      font-size: 21px;
      line-height: 1.3;
      text-wrap: pretty;
    }
    .line {
      display: grid;
      align-content: center;
      height: 100%;
    }
    small {
      color: var(--text-dim);
      font-size: 13px;
    }
    small b {
      font-weight: 600;
    }
    .warning b {
      color: var(--accent);
    }
    .error b {
      color: var(--fault);
    }
    .aloud {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    :focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    @media (min-width: 1200px) {
      ul:has(li + li) {
        grid-template-columns: repeat(2, minmax(0, 1fr));
        column-gap: calc(2 * var(--space-4));
      }
      li:first-child:not(:last-child) {
        grid-row: 1 / span 20;
      }
    }
    @media (max-width: 719px) {
      section {
        height: 184px;
      }
      li:first-child p,
      .line p {
        font-size: 18px;
      }
    }
  `;

  constructor() {
    super();
    /** The worst first. @type {import('./figures.js').Finding[]} */
    this.findings = [];
    /** @type {import('./figures.js').Viewer[]} */
    this.viewers = [];
    /** Why nothing is known. */
    this.problem = '';
    /** What is said when nothing is found. */
    this.calm = '';
    /** Whether there are figures at all. */
    this.known = false;
    this.announced = '';
    this.announcedKeys = '';
  }

  /** What is found is read out when it changes, not whenever a figure in its words does. */
  willUpdate() {
    if (this.severity === 'unknown') return;
    const keys = this.problem || this.findings.map(({ code, viewer }) => `${code} ${viewer}`).join();
    if (keys === this.announcedKeys) return;
    this.announcedKeys = keys;
    const words = this.findings.map((finding) => `${PARTS[finding.about]}${this.whose(finding)}: ${spoken(finding)}`);
    this.announced = this.problem || words.join(' ') || WELL;
  }

  render() {
    return html`
      <section data-severity=${this.severity} tabindex="0" aria-label=${t('dash.findings')}>${this.renderWords()}</section>
      <div class="aloud" aria-live="polite">${this.announced}</div>
    `;
  }

  /** @returns {import('./figures.js').Severity | 'well' | 'unknown'} */
  get severity() {
    if (this.problem) return 'error';
    if (!this.known) return 'unknown';
    return this.findings.length ? this.findings[0].severity : 'well';
  }

  renderWords() {
    if (this.problem) {
      const old = this.known ? ` ${t('dash.old')}` : '';
      return renderLine(this.problem, `${t('dash.again')}${old}`);
    }
    if (!this.known) return renderLine(t('dash.asking'), '');
    if (!this.findings.length) return renderLine(WELL, this.calm);
    return html`<ul>
      ${this.findings.map((finding) => this.renderFinding(finding))}
    </ul>`;
  }

  /** @param {import('./figures.js').Finding} finding */
  renderFinding(finding) {
    const { about, severity, text } = finding;
    const said = inOwnWords(finding);
    return html`<li class=${severity}>
      <small><b>${SIGNS[severity].sign} ${PARTS[about]}</b>${this.whose(finding)}</small>
      ${said ? html`<p>${said}</p><small lang="en">${text}</small>` : html`<p>${text}</p>`}
    </li>`;
  }

  /** @param {import('./figures.js').Finding} finding */
  whose({ viewer }) {
    return viewer === null ? '' : `, ${viewerName(this.viewers, viewer)}`;
  }
}

/**
 * The server finds in English. In another language its kind of finding is said in the reader's, and the server's words,
 * which have the figures, stand below.
 *
 * @param {import('./figures.js').Finding} finding
 */
function inOwnWords({ code }) {
  return language === 'en' ? undefined : known(`finding.${code}`);
}

/** @param {import('./figures.js').Finding} finding */
function spoken(finding) {
  return inOwnWords(finding) ?? finding.text;
}

/** @param {string} headline @param {string} rest */
function renderLine(headline, rest) {
  return html`<div class="line">
    <p>${headline}</p>
    <small>${rest}</small>
  </div>`;
}

customElements.define('finding-list', FindingList);
