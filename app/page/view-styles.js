/** How the views beside the live picture look: a heading, sections below each other. */

import { css } from 'lit';

export const viewStyles = css`
  :host {
    display: block;
    max-width: 720px;
    margin: 0 auto;
  }
  h1 {
    margin: var(--space-3) 0;
    font-size: 22px;
    font-weight: 600;
  }
  section {
    display: grid;
    gap: var(--space-3);
    margin-bottom: var(--space-4);
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--panel);
  }
  section h2 {
    color: var(--text);
    font-size: 16px;
  }
  .setting {
    display: grid;
    grid-template-columns: minmax(90px, 1fr) minmax(0, 3fr);
    align-items: center;
    gap: var(--space-3);
    color: var(--text-dim);
  }
`;
