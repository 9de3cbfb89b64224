/** What all elements share: the look of their controls, how they say what the user wants, and who has the focus next. */

import { css } from 'lit';

/** Have the page do something. @param {HTMLElement} element @param {import('./microscope.js').Intent} intent */
export function want(element, intent) {
  element.dispatchEvent(new CustomEvent('intent', { detail: intent, bubbles: true, composed: true }));
}

/**
 * Hands the focus on where an update of its element takes away, or hides, what had it: else it falls to the page's start. A
 * controller.
 *
 * @typedef {import('lit').ReactiveControllerHost & {renderRoot: HTMLElement | DocumentFragment}} Host
 */
export class FocusHeir {
  /** @type {Element | null} */
  #had = null;
  #host;
  #heir;

  /** @param {Host} host @param {() => ({focus: () => void} | null | undefined)} heir what gets it, as it is then */
  constructor(host, heir) {
    this.#host = host;
    this.#heir = heir;
    host.addController(this);
  }

  hostUpdate() {
    this.#had = /** @type {ShadowRoot | undefined} */ (this.#host.renderRoot)?.activeElement ?? null;
  }

  hostUpdated() {
    const had = this.#had;
    if (had && (!had.isConnected || had.closest('[hidden]'))) this.#heir()?.focus();
  }
}

export const controls = css`
  :host {
    display: block;
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button {
    min-height: var(--touch);
    padding: 0 var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
    color: var(--text);
    font: inherit;
    cursor: pointer;
    touch-action: manipulation;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }
  @media (hover: hover) {
    button:hover:enabled:not([aria-pressed='true']) {
      background: var(--raised-hover);
    }
  }
  button:active:enabled {
    border-color: var(--accent);
  }
  button[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent-ground);
    color: var(--accent);
  }
  button:disabled,
  input:disabled {
    opacity: 0.4;
    cursor: default;
  }
  .go {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  @media (hover: hover) {
    button.go:hover:enabled:not([aria-pressed='true']) {
      background: var(--accent);
    }
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  h2 {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin: 0;
    color: var(--text-dim);
    font-size: 13px;
    font-weight: 600;
  }
  h2 .status {
    flex: 1;
    margin: 0 var(--space-2);
    color: var(--accent);
    font-weight: 400;
    text-align: right;
  }
  h2 .status:last-child {
    margin-right: 0;
  }
  h2 button {
    min-width: 72px;
    min-height: var(--row);
    font-weight: 400;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
  .choices {
    display: flex;
  }
  .choices button {
    flex: 1;
    min-width: 0;
    padding: 0 2px;
    border-radius: 0;
    margin-left: -1px;
    font-variant-numeric: tabular-nums;
  }
  .choices button:first-of-type {
    margin-left: 0;
    border-radius: var(--radius) 0 0 var(--radius);
  }
  .choices button:last-of-type {
    border-radius: 0 var(--radius) var(--radius) 0;
  }
  .choices button[aria-pressed='true'] {
    z-index: 1;
  }
`;
