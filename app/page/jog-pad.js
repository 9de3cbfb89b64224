import './jog-button.js';

import { LitElement, css, html } from 'lit';

import { controls } from './controls.js';
import { t } from './text.js';

/** Moves the view over the specimen; home in the middle. A `home` event asks to home the stage. */
export class JogPad extends LitElement {
  static properties = { axes: { attribute: false }, step: { type: Number }, disabled: { type: Boolean } };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template: repeat(3, var(--jog, 48px)) / repeat(3, 1fr);
        gap: 6px;
      }
      .up {
        grid-area: 1 / 2;
      }
      .left {
        grid-area: 2 / 1;
      }
      .home {
        grid-area: 2 / 2;
      }
      .right {
        grid-area: 2 / 3;
      }
      .down {
        grid-area: 3 / 2;
      }
      .home {
        padding: 0;
        color: var(--text-dim);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./store.js').StageState['axes']} */
    this.axes = {};
    this.step = 0;
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
      ${button('up', 'y', -step, 0)} ${button('left', 'x', -step, -90)}
      <button
        class="home"
        ?disabled=${disabled || !canHome}
        title=${t(canHome ? 'stage.home-hint' : 'stage.home-impossible')}
        @click=${() => this.dispatchEvent(new CustomEvent('home'))}
      >
        ${t('stage.home')}
      </button>
      ${button('right', 'x', step, 90)} ${button('down', 'y', step, 180)}
    `;
  }
}

customElements.define('jog-pad', JogPad);
