import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls, want } from './controls.js';
import { INITIAL, usable } from './store.js';

/**
 * What the stage refused, and why; and that its position is uncertain, with what mends that. A `home` event asks to home
 * it. Where the panel that it is in cannot be seen, it is said over the picture.
 */
export class StageNotice extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    controls,
    css`
      p {
        margin: var(--space-1) 0 0;
        padding: var(--space-2);
        border-left: 3px solid var(--fault);
        border-radius: 4px;
        background: var(--ground);
        color: var(--fault);
      }
      :host {
        position: relative;
      }
      /* Over what is above, so that no control moves under the finger that was refused. */
      [role='alert'] {
        position: absolute;
        inset: auto 0 100%;
        z-index: 2;
      }
      [role='alert'] p {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin: 0;
        padding: 0 0 0 var(--space-2);
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      [role='alert'] span {
        flex: 1;
        padding: var(--space-1) 0;
      }
      [role='alert'] button {
        min-width: var(--touch);
        padding: 0;
        border: 0;
        background: none;
      }
      .uncertain {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
        border-color: var(--accent);
        color: var(--accent);
      }
      button {
        flex: none;
      }
    `,
  ];

  constructor() {
    super();
    this.state = INITIAL;
    this.toldId = 0;
  }

  updated() {
    const { refusal } = this.state.local.stage;
    if (!refusal || refusal.id === this.toldId) return;
    this.toldId = refusal.id;
    if (!this.getClientRects().length) want(this, { type: 'message-show', text: refusal.text });
  }

  render() {
    const { refusal } = this.state.local.stage;
    return html`
      <div role="alert">${refusal ? this.renderRefusal(refusal.text) : null}</div>
      ${this.renderUncertain()}
    `;
  }

  /** @param {string} text */
  renderRefusal(text) {
    return html`<p>
      <span>${text}</span>
      <button aria-label=${t('page.dismiss')} @click=${() => want(this, { type: 'stage-refusal-read' })}>×</button>
    </p>`;
  }

  /** What mends an uncertain position: homing, or somebody who knows better. */
  renderUncertain() {
    const { stage } = this.state;
    const doubtful = Object.entries(stage?.axes ?? {}).filter(([, axis]) => axis.position_trusted === false);
    if (!stage || !doubtful.length || stage.status === 'absent') return null;
    const canHome = doubtful.every(([, axis]) => axis.can_home);
    const place = Object.fromEntries(
      doubtful.map(([axis]) => [`${axis}_um`, stage.position[/** @type {'x_um'} */ (`${axis}_um`)]]),
    );
    return html`<p class="uncertain">
      ${t('stage.uncertain', { axes: doubtful.map(([axis]) => axis).join(', ') })}
      <button
        ?disabled=${!usable(this.state, 'stage')}
        @click=${() =>
          canHome ? this.dispatchEvent(new CustomEvent('home')) : want(this, { type: 'stage-trust', place })}
      >
        ${t(canHome ? 'stage.home-it' : 'stage.trust')}
      </button>
    </p>`;
  }
}

customElements.define('stage-notice', StageNotice);
