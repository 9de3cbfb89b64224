import { LitElement, css, html } from 'lit';

import { controls, want } from './controls.js';
import { t } from './text.js';

/** Stops the stage. It lies over everything, at the same place in every view, and Escape does the same. */
export class StopButton extends LitElement {
  static styles = [
    controls,
    css`
      :host {
        position: fixed;
        right: calc(env(safe-area-inset-right) + (var(--rail) - var(--stop)) / 2);
        bottom: calc(env(safe-area-inset-bottom) + (var(--rail) - var(--stop)) / 2);
        z-index: 15;
      }
      button {
        width: var(--stop);
        height: var(--stop);
        padding: 0;
        border: 0;
        background: var(--danger);
        color: var(--on-danger);
        font-size: 13px;
        font-weight: 700;
        text-transform: uppercase;
      }
      @media (hover: hover) {
        button:hover:enabled {
          background: var(--danger-hover);
        }
      }
      @media (max-width: 719px) and (orientation: portrait), (max-width: 479px) {
        :host {
          right: calc(env(safe-area-inset-right) + var(--space-1));
          bottom: calc(env(safe-area-inset-bottom) + 2px);
        }
        button {
          height: 52px;
        }
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('keydown', this.key);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.key);
  }

  /** @param {KeyboardEvent} event */
  key = (event) => {
    if (event.key === 'Escape') this.stop();
  };

  stop() {
    want(this, { type: 'stage-stop' });
  }

  render() {
    // As it is touched: no click comes of a finger that rests, slides off, or is not the only one. A second stop is harmless.
    return html`<button title=${t('page.stop-hint')} @pointerdown=${this.stop} @click=${this.stop}>
      ${t('page.stop')}
    </button>`;
  }
}

customElements.define('stop-button', StopButton);
