/** The dock's layout: panels beside a rail of tabs, on a narrow screen above a row of them. */

import { css } from 'lit';

export const dockLayout = css`
  :host {
    display: flex;
    min-width: 0;
    min-height: 0;
    background: var(--panel);
  }
  .panels {
    /* What is hidden from eyes in them must not make the page longer. */
    position: relative;
    box-sizing: border-box;
    width: 320px;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    border-left: 1px solid var(--line);
  }
  section {
    padding: var(--space-2) var(--space-3);
  }
  section:not([hidden]) ~ section {
    border-top: 1px solid var(--line);
  }
  .tabs {
    display: flex;
    flex-direction: column;
    width: var(--rail);
    /* Below them is the stop button. */
    padding-bottom: calc(var(--stop) + var(--space-2));
    box-sizing: border-box;
    border-left: 1px solid var(--line);
  }
  .tabs button {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 3px;
    min-height: 60px;
    padding: 0;
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--text-dim);
    font-size: 11px;
  }
  .tabs button span {
    max-width: var(--rail);
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tabs button[aria-expanded='true'] {
    box-shadow: inset 2px 0 var(--accent);
    background: var(--raised);
    color: var(--accent);
  }
  :focus-visible {
    outline-offset: -3px;
  }
  /* It has the focus on the way to its controls; a ring is for what can be used. */
  .panels:focus-visible {
    outline: none;
  }

  @media (max-height: 599px) {
    .tabs button {
      min-height: var(--touch);
    }
    .tabs button span {
      display: none;
    }
  }
  @media (max-height: 479px) {
    stage-panel {
      --stick: 88px;
    }
  }

  /* Upright: a sheet below the picture. */
  @media (max-width: 719px) and (orientation: portrait), (max-width: 479px) {
    :host {
      flex-direction: column;
    }
    .panels {
      width: auto;
      /* As high as the stage's controls, and no higher than leaves the whole width of a picture its room. */
      height: clamp(
        min(240px, 48dvh),
        100dvh - env(safe-area-inset-top) - env(safe-area-inset-bottom) - 105px - 70vw,
        456px
      );
      border-top: 1px solid var(--line);
      border-left: 0;
    }
    .tabs {
      flex-direction: row;
      width: auto;
      padding: 0 calc(var(--stop) + var(--space-2)) 0 0;
      border-top: 1px solid var(--line);
      border-left: 0;
    }
    .tabs button {
      flex: 1;
      min-width: 0;
      min-height: 56px;
      font-size: min(11px, 3vw);
    }
    .tabs button[aria-expanded='true'] {
      box-shadow: inset 0 2px var(--accent);
    }
  }
`;
