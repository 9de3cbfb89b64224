import { LitElement, css, html } from 'lit';

import { t } from './text.js';

/** Whether the microscope can be reached. */
export class ConnectionState extends LitElement {
  static properties = { connection: { reflect: true } };

  static styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      color: var(--text-dim);
      font-size: 13px;
      white-space: nowrap;
    }
    :host::before {
      width: 8px;
      height: 8px;
      border: 2px solid var(--accent);
      border-radius: 50%;
      content: '';
    }
    :host([connection='connected'])::before {
      border-color: var(--well);
      background: var(--well);
    }
    @media (max-width: 359px) {
      :host([connection='connected']) span {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }
  `;

  constructor() {
    super();
    /** @type {import('./store.js').Connection} */
    this.connection = 'connecting';
  }

  render() {
    return html`<span role="status">${t(`connection.${this.connection}`)}</span>`;
  }
}

customElements.define('connection-state', ConnectionState);
