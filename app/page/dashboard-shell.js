/** The dashboard's layout: words first, then the way of a picture, graphs, devices and viewers. */

import { css } from 'lit';

export const dashboardShell = css`
  :host {
    max-width: 1760px;
    margin: 0 auto;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--space-4);
    min-height: var(--touch);
    padding: 0 var(--space-4);
  }
  header a {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: var(--touch);
    color: var(--accent);
    text-decoration: none;
  }
  h1 {
    margin: 0;
    font-size: 16px;
    font-weight: 600;
  }
  connection-state {
    margin-left: auto;
  }
  main {
    display: grid;
    gap: var(--space-3);
    padding: 0 var(--space-4) calc(var(--stop) + 2 * var(--space-4));
  }
  main > div {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
  }
  main section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
  }
  .unstopped {
    position: fixed;
    right: var(--space-2);
    bottom: calc(env(safe-area-inset-bottom) + var(--stop) + var(--space-4));
    max-width: calc(100% - 2 * var(--space-3));
    margin: 0;
    padding: var(--space-3);
    box-sizing: border-box;
    border: 1px solid var(--fault);
    border-radius: var(--radius);
    background: var(--panel);
    box-shadow: var(--shadow);
    color: var(--fault);
  }
  .old {
    opacity: 0.45;
  }
  h2 {
    min-height: 36px;
    font-size: 14px;
  }
  .choices button {
    min-width: 76px;
    min-height: var(--touch);
  }
  .graphs {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-2);
  }
  @media (min-width: 1500px) {
    .graphs {
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
  }
  @media (max-width: 719px) {
    header {
      gap: var(--space-3);
      padding: 0 var(--space-3);
    }
    main {
      padding: 0 var(--space-2) calc(var(--stop) + 2 * var(--space-4));
    }
    .graphs {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
