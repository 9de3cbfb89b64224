import './jog-button.js';
import './jog-stick.js';

import { LitElement, css, html } from 'lit';

import { t } from './controls-text.js';
import { controls } from './controls.js';
import { icon } from './icons.js';

/** Moves the view over the specimen: a stick, a step to each side, home in a corner. `home` asks to home the stage. */
export class JogPad extends LitElement {
  static properties = {
    axes: { attribute: false },
    step: { type: Number },
    full: { type: Number },
    disabled: { type: Boolean },
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template: var(--touch) var(--stick, 112px) var(--touch) / var(--touch) var(--stick, 112px) var(--touch);
        gap: var(--space-1);
        justify-content: center;
      }
      jog-stick {
        grid-area: 2 / 2;
      }
      .up {
        grid-area: 1 / 2;
      }
      .left {
        grid-area: 2 / 1;
      }
      .home {
        grid-area: 1 / 1;
        display: grid;
        place-items: center;
        padding: 0;
        border-color: transparent;
        background: none;
        color: var(--text-dim);
      }
      .right {
        grid-area: 2 / 3;
      }
      .down {
        grid-area: 3 / 2;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./store.js').StageSection['axes']} */
    this.axes = {};
    this.step = 0;
    /** The stick's speed at its edge, in micrometres a second. */
    this.full = 0;
    this.disabled = false;
  }

  render() {
    const { step, disabled, axes } = this;
    /** @type {(way: 'up' | 'down' | 'left' | 'right', axis: 'x' | 'y', um: number, angle: number) => unknown} */
    const button = (way, axis, um, angle) =>
      html`<jog-button
        class=${way}
        label=${t(`stage.${way}`)}
        angle=${angle}
        .distance=${{ [`${axis}_um`]: um }}
        ?disabled=${disabled || !axes[axis]}
      ></jog-button>`;
    const canHome = Object.values(axes).some((axis) => axis.can_home);
    // The picture's y grows downwards, and the stage's with it.
    return html`
      <button
        class="home"
        aria-label=${t('stage.home')}
        ?disabled=${disabled || !canHome}
        title=${t(canHome ? 'stage.home-hint' : 'stage.home-impossible')}
        @click=${() => this.dispatchEvent(new CustomEvent('home'))}
      >
        ${icon('home')}
      </button>
      ${button('up', 'y', -step, 0)} ${button('left', 'x', -step, -90)}
      <jog-stick .axes=${axes} full=${this.full} ?disabled=${disabled || !(axes.x || axes.y)}></jog-stick>
      ${button('right', 'x', step, 90)} ${button('down', 'y', step, 180)}
    `;
  }
}

customElements.define('jog-pad', JogPad);
