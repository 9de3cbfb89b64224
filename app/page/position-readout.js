import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { fixed, formatUm } from './units.js';

const ANNOUNCED_AFTER_MS = 1000;

/** Where the stage is. It is read out when it has come to rest, not as it moves. */
export class PositionReadout extends LitElement {
  static properties = { position: { attribute: false }, announced: { state: true } };

  static styles = css`
    :host {
      display: block;
    }
    dl {
      display: grid;
      grid-template-columns: repeat(3, 1fr) auto;
      gap: var(--space-1);
      margin: 0;
    }
    div {
      display: flex;
      align-items: baseline;
      justify-content: space-between;
      padding: 5px var(--space-2);
      border-radius: 4px;
      background: var(--ground);
    }
    dt {
      color: var(--text-dim);
    }
    dd {
      margin: 0;
      font: 13px/1.4 var(--figures);
      white-space: pre;
    }
    .unit {
      padding-right: 0;
      padding-left: var(--space-1);
      background: none;
      color: var(--text-dim);
    }
    .aloud {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;

  constructor() {
    super();
    /** @type {import('./store.js').Position | undefined} */
    this.position = undefined;
    this.announced = '';
    this.timer = 0;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('position') || !this.position) return;
    const { x_um, y_um, z_um } = this.position;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const values = { x: fixed(x_um, 1), y: fixed(y_um, 1), z: fixed(z_um, 1) };
      this.announced = t('stage.position-spoken', values);
    }, ANNOUNCED_AFTER_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    const position = this.position;
    const figures = /** @type {const} */ (['x', 'y', 'z']).map(
      (axis) => html`<div>
        <dt>${axis}</dt>
        <dd id=${axis}>${position ? formatUm(position[`${axis}_um`]) : '–'}</dd>
      </div>`,
    );
    return html`
      <dl aria-hidden="true">
        ${figures}
        <div class="unit">µm</div>
      </dl>
      <div class="aloud" aria-live="polite">${this.announced}</div>
    `;
  }
}

customElements.define('position-readout', PositionReadout);
