/** The page's layout: view and panel side by side, on a narrow screen one above the other. */

import { css } from 'lit';

export const shell = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) 336px;
    grid-template-areas: 'header header' 'main aside';
    height: 100vh;
    height: 100dvh;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }

  header {
    display: flex;
    grid-area: header;
    align-items: center;
    gap: var(--space-2) var(--space-4);
    min-height: 40px;
    padding: 0 var(--space-4) 0 var(--space-3);
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }
  h1 {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin: 0;
    font-size: 16px;
    font-weight: 600;
    letter-spacing: 0.01em;
  }
  .banner {
    margin: 0;
    padding: 3px var(--space-3);
    border-radius: 99px;
    background: var(--accent-ground);
    color: var(--accent);
    font-size: 13px;
  }
  header a,
  header button {
    align-self: stretch;
    display: grid;
    align-items: center;
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--text-dim);
    font-size: 13px;
    text-decoration: none;
  }
  header a {
    margin-left: auto;
  }
  header a:hover,
  header button:hover:enabled:not([aria-pressed='true']) {
    background: none;
    color: var(--text);
  }

  main {
    position: relative;
    grid-area: main;
  }
  live-view {
    position: absolute;
    inset: 0;
  }
  rig-errors {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    justify-content: center;
    box-sizing: border-box;
    width: min(640px, 100%);
    margin: auto;
    padding: var(--space-3);
  }
  message-list {
    position: absolute;
    top: var(--space-3);
    left: 50%;
    width: min(480px, calc(100% - 2 * var(--space-3)));
    transform: translateX(-50%);
    pointer-events: none;
  }

  aside {
    display: flex;
    grid-area: aside;
    flex-direction: column;
    min-height: 0;
    border-left: 1px solid var(--line);
    background: var(--panel);
  }
  nav {
    display: none;
  }
  .sections {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  section {
    display: grid;
    gap: 6px;
    padding: var(--space-2) var(--space-3);
    border-bottom: 1px solid var(--line);
  }
  section:last-child {
    border-bottom: 0;
  }
  .pads {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 76px;
    gap: var(--space-4);
  }
  .stop {
    flex: none;
    min-height: 48px;
    margin: 6px var(--space-3) var(--space-2);
    border: 0;
    background: var(--danger);
    color: var(--on-danger);
    font-size: 16px;
    font-weight: 700;
    letter-spacing: 0.06em;
    text-transform: uppercase;
  }
  @media (hover: hover) {
    .stop:hover:enabled {
      background: var(--danger-hover);
    }
  }

  dialog {
    position: absolute;
    inset: 0;
    box-sizing: border-box;
    width: min(400px, calc(100% - 32px));
    margin: auto;
    padding: var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--panel);
    box-shadow: 0 8px 40px rgb(0 0 0 / 60%);
    color: var(--text);
  }
  dialog h2 {
    color: var(--text);
    font-size: 16px;
  }
  menu {
    display: flex;
    justify-content: flex-end;
    gap: var(--space-2);
    margin: var(--space-4) 0 0;
    padding: 0;
  }
  .go {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  @media (hover: hover) {
    .go:hover:enabled {
      background: var(--accent);
    }
  }

  /* Where the panel cannot show everything at once: one section at a time. */
  @media (max-width: 719px), (max-height: 599px) {
    nav {
      display: grid;
      grid-template-columns: repeat(3, 1fr);
      flex: none;
      gap: 6px;
      padding: var(--space-2) var(--space-3) 0;
    }
    section {
      display: none;
      border-bottom: 0;
    }
    [data-tab='move'] .move,
    [data-tab='light'] .light,
    [data-tab='stills'] .stills {
      display: grid;
    }
  }
  @media (max-height: 479px) {
    .move {
      --jog: 40px;
    }
    .move h2 {
      display: none;
    }
  }
  @media (max-width: 719px) {
    :host {
      grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
      grid-template-areas: 'header' 'main' 'aside';
    }
    header {
      flex-wrap: wrap;
      column-gap: var(--space-3);
      padding: var(--space-2) var(--space-3) 0;
    }
    .banner {
      order: 1;
      width: 100%;
      box-sizing: border-box;
      margin: 0 0 var(--space-2);
      text-align: center;
      border-radius: 6px;
      font-size: 12px;
      text-wrap: balance;
    }
    aside {
      border-top: 1px solid var(--line);
      border-left: 0;
    }
    .sections {
      flex: none;
      height: 328px;
    }
  }
`;
