/** How fields with their labels look, wherever something is typed or chosen. */

import { css } from 'lit';

export const fields = css`
  label {
    display: grid;
    gap: var(--space-1);
    color: var(--text-dim);
    font-size: 13px;
  }
  input,
  select,
  textarea {
    min-height: var(--touch);
    padding: 0 var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--raised);
    color: var(--text);
    font: inherit;
    font-size: 16px; /* below, an iPad zooms in on them */
  }
  ::placeholder {
    color: var(--text-dim);
    opacity: 1;
  }
`;
