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
  /* Over everything: who is not let in sees nothing else. */
  pair-view {
    position: fixed;
    inset: 0;
    z-index: 30;
  }
  page-header {
    grid-area: header;
    z-index: 1;
    min-width: 0;
  }
  live-view {
    grid-row: header / picture;
    grid-column: picture;
    /* What lies over one another in it is its own affair. */
    isolation: isolate;
    min-width: 0;
    min-height: 0;
  }
  main {
    position: relative;
    grid-area: picture;
    grid-column: 1 / -1;
    min-width: 0;
    overflow-y: auto;
    padding: 0 var(--space-4) calc(var(--stop) + 2 * var(--space-4));
  }
  main:focus-visible {
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
  .messages {
    grid-area: picture;
    align-self: start;
    justify-self: center;
    z-index: 5;
    display: grid;
    gap: var(--space-2);
    width: min(480px, calc(100% - 2 * var(--space-3)));
    margin-top: var(--space-2);
    pointer-events: none;
  }
  .notice,
  .outdated {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-3);
    margin: 0;
    padding: var(--space-2) var(--space-2) var(--space-2) var(--space-3);
    border: 1px solid var(--accent);
    border-radius: var(--radius);
    background: var(--panel);
    box-shadow: var(--shadow);
    pointer-events: auto;
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
  }
`;
