import { LitElement, css, html } from 'lit';

import { INITIAL } from './store.js';

/**
 * What floats over the picture, each in a place of its own: `start` and `end` are columns at the sides, `bottom` is a
 * row in the middle below, and the corners at the bottom are beside it. Between them the picture can be touched.
 */
export class OverPicture extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = css`
    :host {
      display: grid;
      grid-template: minmax(0, 1fr) auto / 1fr auto 1fr;
      grid-template-areas: 'start . end' 'bottom-start bottom bottom-end';
      gap: var(--space-2);
      padding: var(--space-2);
      pointer-events: none;
    }
    div {
      display: flex;
      gap: var(--space-2);
      min-width: 0;
    }
    div > * {
      pointer-events: auto;
    }
    .start {
      grid-area: start;
      flex-direction: column;
      justify-content: center;
      align-items: flex-start;
    }
    .end {
      grid-area: end;
      flex-direction: column;
      justify-content: center;
      align-items: flex-end;
    }
    .bottom-start {
      grid-area: bottom-start;
      align-items: flex-end;
    }
    .bottom {
      grid-area: bottom;
      align-items: flex-end;
    }
    .bottom-end {
      grid-area: bottom-end;
      align-items: flex-end;
      justify-content: flex-end;
    }
  `;

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    return html`
      <div class="start"></div>
      <div class="end"></div>
      <div class="bottom-start"></div>
      <div class="bottom"></div>
      <div class="bottom-end"></div>
    `;
  }
}

customElements.define('over-picture', OverPicture);
