/** How one picture is shown over the view. */

import { css } from 'lit';

export const viewerStyles = css`
  .viewer {
    position: fixed;
    inset: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    z-index: 4;
    display: flex;
    flex-direction: column;
    background: var(--view);
    color: var(--text);
  }
  .viewer:focus-visible {
    outline: none;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    padding: var(--space-1);
    background: var(--panel);
  }
  .bar h2 {
    flex: 1;
    display: block;
    min-width: 0;
    overflow: hidden;
    color: var(--text);
    font-size: 15px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  button,
  .button {
    display: grid;
    flex: none;
    place-items: center;
    min-width: var(--touch);
    min-height: var(--touch);
    padding: 0;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: none;
    color: var(--text);
  }
  .middle {
    display: flex;
    flex: 1;
    min-height: 0;
  }
  .picture {
    position: relative;
    display: grid;
    flex: 1;
    min-width: 0;
  }
  picture-pane,
  .none {
    grid-area: 1 / 1;
  }
  .none {
    margin: auto;
    padding: var(--space-4);
    color: var(--text-dim);
    text-align: center;
  }
  .turns {
    position: absolute;
    bottom: var(--space-3);
    left: 50%;
    display: flex;
    align-items: center;
    border-radius: var(--radius);
    background: var(--scrim);
    transform: translateX(-50%);
    font-variant-numeric: tabular-nums;
  }
  picture-facts {
    width: 320px;
    padding-bottom: calc(var(--stop) + var(--space-4));
    border-left: 1px solid var(--line);
  }
  @media (max-width: 719px) {
    .middle {
      flex-direction: column;
    }
    picture-facts {
      width: auto;
      height: 55%;
      border-top: 1px solid var(--line);
      border-left: 0;
    }
  }
`;
