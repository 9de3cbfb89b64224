/** How the grid of pictures looks. */

import { css } from 'lit';

import { GAP } from './grid-layout.js';

export const gridStyles = css`
  :host {
    min-height: 0;
  }
  [role='listbox'] {
    height: 100%;
    box-sizing: border-box;
    padding: var(--space-1) var(--space-1) calc(var(--stop) + var(--space-4));
    overflow-y: auto;
    overscroll-behavior: contain;
    contain: strict;
    scrollbar-width: thin;
  }
  [role='listbox']:focus-visible {
    outline: none;
  }
  .all {
    position: relative;
  }
  [role='option'] {
    position: absolute;
    display: flex;
    flex-direction: column;
    padding: 0 ${GAP}px ${GAP}px 0;
    cursor: pointer;
    touch-action: manipulation;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }
  .frame {
    position: relative;
    display: grid;
    flex: 1;
    min-height: 0;
    place-items: center;
    overflow: hidden;
    border-radius: 6px;
    background: var(--panel);
  }
  .frame > * {
    grid-area: 1 / 1;
  }
  img {
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: cover;
    filter: var(--thumbnail-filter);
  }
  .none {
    color: var(--text-dim);
    font-size: 12px;
  }
  .format {
    place-self: end;
    margin: 4px;
    padding: 0 5px;
    border-radius: 4px;
    background: var(--scrim);
    color: var(--text);
    font-size: 11px;
  }
  .name {
    height: 22px;
    overflow: hidden;
    color: var(--text-dim);
    font-size: 12px;
    line-height: 22px;
    text-align: center;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @media (max-width: 479px) {
    .name {
      font-size: 11px;
    }
  }
  /* The touch target is the corner; the sign is smaller. */
  .mark {
    display: grid;
    place-self: start;
    width: var(--touch);
    height: var(--touch);
    opacity: 0;
  }
  .mark::before {
    width: 20px;
    height: 20px;
    margin: 6px;
    border: 2px solid var(--text);
    border-radius: 50%;
    background: var(--scrim);
    content: '';
  }
  .choosing .mark,
  [role='option']:hover .mark,
  [aria-selected='true'] .mark {
    opacity: 1;
  }
  [aria-selected='true'] .mark::before {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    content: '✓';
    font-size: 14px;
    font-weight: 700;
    line-height: 20px;
    text-align: center;
  }
  [aria-selected='true'] .frame {
    box-shadow: 0 0 0 3px var(--accent);
  }
  [role='listbox']:focus-visible .active .frame {
    outline: 3px solid var(--text);
    outline-offset: 1px;
  }
`;
