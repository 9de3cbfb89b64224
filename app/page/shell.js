/** The page's layout: the picture fills what the dock leaves; everything else floats over it. */

import { css } from 'lit';

export const shell = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) auto;
    grid-template-areas: 'header dock' 'picture dock';
    height: 100vh;
    height: 100dvh;
    box-sizing: border-box;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    background: var(--ground);
  }
  .skip {
    position: absolute;
    top: var(--space-2);
    left: var(--space-2);
    z-index: 20;
    padding: var(--space-3) var(--space-4);
    border-radius: var(--radius);
    background: var(--accent);
    color: var(--on-accent);
  }
  .skip:not(:focus) {
    width: 1px;
    height: 1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  page-header {
    grid-area: header;
    z-index: 1;
    min-width: 0;
  }
  live-view {
    grid-row: header / picture;
    grid-column: picture;
    min-width: 0;
    min-height: 0;
  }
  over-picture {
    grid-area: picture;
    z-index: 1;
    min-height: 0;
  }
  main {
    grid-area: picture;
    grid-column: 1 / -1;
    min-width: 0;
    overflow-y: auto;
    padding: 0 var(--space-4) calc(var(--stop) + 2 * var(--space-4));
  }
  main:focus-visible,
  control-dock:focus-visible {
    outline: none;
  }
  control-dock {
    grid-area: dock;
  }
  rig-errors {
    grid-area: picture;
    z-index: 2;
    display: flex;
    flex-direction: column;
    justify-content: center;
    box-sizing: border-box;
    width: min(640px, 100%);
    min-height: 0;
    margin: 0 auto;
    padding: var(--space-3);
  }
  message-list {
    grid-area: picture;
    align-self: start;
    justify-self: center;
    z-index: 5;
    width: min(480px, calc(100% - 2 * var(--space-3)));
    margin-top: var(--space-2);
    pointer-events: none;
  }
  .stop {
    position: fixed;
    right: calc(env(safe-area-inset-right) + (var(--rail) - var(--stop)) / 2);
    bottom: calc(env(safe-area-inset-bottom) + (var(--rail) - var(--stop)) / 2);
    z-index: 15;
    width: var(--stop);
    height: var(--stop);
    padding: 0;
    border: 0;
    background: var(--danger);
    color: var(--on-danger);
    font-size: 13px;
    font-weight: 700;
    letter-spacing: 0.04em;
    text-transform: uppercase;
  }
  @media (hover: hover) {
    .stop:hover:enabled {
      background: var(--danger-hover);
    }
  }

  @media (max-width: 719px) and (orientation: portrait), (max-width: 479px) {
    :host {
      grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
      grid-template-areas: 'header' 'picture' 'dock';
    }
    main {
      grid-row: picture / -1;
      padding: 0 var(--space-3) calc(var(--stop) + 2 * var(--space-4));
    }
    .stop {
      right: calc(env(safe-area-inset-right) + var(--space-1));
      bottom: calc(env(safe-area-inset-bottom) + 2px);
      height: 52px;
    }
  }
`;
