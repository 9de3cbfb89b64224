/** The look of what lies over the picture. */

import { css } from 'lit';

export const overlayLayout = css`
  :host {
    position: absolute;
    inset: 0;
    overflow: hidden;
    pointer-events: none;
    color: var(--mark);
    font: 600 13px/1 var(--figures);
  }
  svg {
    position: absolute;
    width: 100%;
    height: 100%;
  }
  path,
  line {
    fill: none;
    stroke: var(--mark);
    stroke-width: 1.5;
    filter: drop-shadow(0 0 1px var(--mark-seam)) drop-shadow(0 0 1px var(--mark-seam));
  }
  .thin {
    stroke-width: 1;
    opacity: 0.7;
  }
  .chosen {
    stroke: var(--mark-chosen);
  }
  .grip {
    stroke: transparent;
    stroke-width: 24;
    filter: none;
    pointer-events: stroke;
    cursor: move;
    touch-action: none;
  }
  text {
    fill: currentColor;
    stroke: var(--mark-seam);
    stroke-width: 3;
    paint-order: stroke;
    text-anchor: middle;
  }
  text.chosen {
    fill: var(--mark-chosen);
    stroke: var(--mark-seam);
  }
  .end {
    text-anchor: end;
  }
  button {
    position: absolute;
    top: 0;
    left: 0;
    width: 44px;
    height: 44px;
    margin: -22px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
    color: inherit;
    font: inherit;
    pointer-events: auto;
    cursor: move;
    touch-action: none;
    -webkit-touch-callout: none;
  }
  button::before {
    display: block;
    width: 14px;
    height: 14px;
    margin: auto;
    border: 2px solid var(--mark);
    border-radius: 50%;
    box-shadow:
      0 0 0 1px var(--mark-seam),
      inset 0 0 0 1px var(--mark-seam);
    box-sizing: border-box;
    content: '';
  }
  button.chosen::before {
    border-color: var(--mark-chosen);
  }
  button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -6px;
  }
  button.delete {
    cursor: pointer;
  }
  button.delete::before {
    width: 26px;
    height: 26px;
    border: 0;
    background: var(--scrim);
    box-shadow: none;
    color: var(--mark);
    font: 18px/26px var(--font);
    content: '×';
  }
`;
