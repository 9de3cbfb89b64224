/** The look of the live view. */

import { css } from 'lit';

export const liveLayout = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    container-type: size;
    background: var(--view);
    user-select: none;
    -webkit-user-select: none;
  }
  .surface {
    position: absolute;
    inset: 0;
    touch-action: none;
    -webkit-touch-callout: none;
  }
  .pictures {
    position: absolute;
    inset: 0;
    isolation: isolate;
  }
  canvas {
    position: absolute;
    top: 0;
    left: 0;
    transform-origin: 0 0;
    will-change: transform;
  }
  canvas[hidden] {
    display: none;
  }
  canvas.front {
    z-index: 1;
  }
  /* What is not live is dimmer. */
  canvas.back {
    opacity: 0.55;
  }
  .figures,
  .part,
  output {
    border-radius: 4px;
    background: var(--scrim);
    color: var(--text-dim);
    font: 12px/1.5 var(--figures);
  }
  /* One line: those for which it has no room would stand below it. */
  .figures {
    position: absolute;
    left: var(--space-2);
    bottom: var(--space-2);
    display: flex;
    flex-wrap: wrap;
    column-gap: 2ch;
    box-sizing: border-box;
    height: calc(1.5em + 4px);
    max-width: calc(100% - 2 * var(--space-2));
    padding: 2px var(--space-2);
    overflow: hidden;
    white-space: pre;
    pointer-events: none;
  }
  .figures:empty {
    display: none;
  }
  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    padding: var(--space-4);
    background: var(--scrim);
    color: var(--text-dim);
    font-size: 16px;
    text-align: center;
    pointer-events: none;
  }
  .zoom {
    position: absolute;
    top: 50%;
    left: var(--space-2);
    z-index: 1;
    display: grid;
    gap: var(--space-1);
    transform: translateY(-50%);
  }
  output {
    padding: 2px;
    text-align: center;
  }
  button {
    min-width: var(--touch);
    min-height: var(--touch);
    padding: 0 var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--scrim);
    color: var(--text);
    font: 18px/1 var(--font);
    cursor: pointer;
    touch-action: manipulation;
  }
  @media (hover: hover) {
    button:hover {
      background: var(--raised-hover);
    }
  }
  button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .part {
    position: absolute;
    left: var(--space-2);
    bottom: 36px;
    display: flex;
    align-items: center;
    gap: var(--space-2);
    box-sizing: border-box;
    max-width: calc(100% - 2 * var(--space-2));
    padding: var(--space-1) var(--space-2);
    font: 13px/1.3 var(--font);
  }
  .part button {
    font-size: 13px;
  }
  /* Where it is low, they stand in a row at the foot: above them the header has its lines. */
  @container (max-height: 539px) {
    .zoom {
      top: auto;
      bottom: 36px;
      grid-auto-flow: column;
      align-items: center;
      transform: none;
    }
    .zoom:has(+ .part) output,
    .part button {
      display: none;
    }
    .part {
      left: calc(3 * (var(--touch) + var(--space-1)) + 2 * var(--space-2));
      max-width: calc(100% - 3 * (var(--touch) + var(--space-1)) - 3 * var(--space-2));
      min-height: var(--touch);
    }
  }
`;
