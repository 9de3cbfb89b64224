/** How lists of people, invitations and tokens look. */

import { css } from 'lit';

export const accessStyles = css`
  :host {
    display: grid;
    gap: var(--space-4);
  }
  section,
  form {
    display: grid;
    gap: var(--space-2);
  }
  h3 {
    margin: 0;
    font-size: 14px;
    font-weight: 600;
  }
  p {
    margin: 0;
    color: var(--text-dim);
  }
  .row,
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    min-height: var(--touch);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li + li {
    margin-top: var(--space-2);
  }
  .name {
    flex: 1;
    min-width: 140px;
    overflow-wrap: anywhere;
  }
  small {
    color: var(--text-dim);
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .invitation {
    display: grid;
    justify-items: center;
    gap: var(--space-3);
    padding: var(--space-4);
    border: 1px solid var(--accent);
    border-radius: var(--radius);
  }
  .invitation img {
    max-width: 100%;
    border-radius: 4px;
    background: #ffffff;
  }
  .secret {
    color: var(--text);
    font-family: var(--figures);
    font-size: 36px;
    letter-spacing: 0.08em;
  }
  .link {
    color: var(--text);
    font-family: var(--figures);
    overflow-wrap: anywhere;
    user-select: all;
    -webkit-user-select: all;
  }
`;
