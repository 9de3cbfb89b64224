/** Who drives, and what that means for this page. */

import { t } from './text.js';

/**
 * @typedef {{id: string, name: string}} Somebody
 * @typedef {{driver: (Somebody & {hands: string[]}) | null, since: number | null, waiting: Somebody[],
 *   present: number}} ControlSection the server's: `hands` are the viewers that drive with the driver
 * @typedef {{viewer: string | null}} ControlLocal the id by which the server knows this page
 */

/** @type {ControlLocal} */
export const INITIAL = { viewer: null };

/** @param {ControlLocal} slice @param {import('./store.js').Happening} happening @returns {ControlLocal} */
export function reduce(slice, happening) {
  return happening.type === 'control-viewer' ? { viewer: happening.viewer } : slice;
}

/** Those who have no name of their own are given one by the server, by what they look with: "Tablet 3". */
const COUNTED = /^(Tablet|Phone|Computer|Viewer) (\d+)$/;
const PROGRAM = /^A program at (.+)$/;

/** Somebody's name; one that the server gave is said in the page's language. @param {string} name */
export function personName(name) {
  const [, kind, number] = COUNTED.exec(name) ?? [];
  if (kind) return t(/** @type {import('./text.js').Key} */ (`control.kind-${kind.toLowerCase()}`), { number });
  const [, address] = PROGRAM.exec(name) ?? [];
  return address ? t('control.program', { address }) : name;
}

/** Whether this page drives. @param {import('./store.js').State} state */
export function drives({ control, local }) {
  return control?.driver?.hands.includes(local.control.viewer ?? '') ?? false;
}

/** Who drives in the place of this page, if anybody does. @param {import('./store.js').State} state */
export function otherDriver(state) {
  return drives(state) ? null : (state.control?.driver ?? null);
}

/** This page's place in the row of those who want to drive, from 1; 0 where it does not. */
export function placeInRow(/** @type {import('./store.js').State} */ { control, local }) {
  return 1 + (control?.waiting ?? []).findIndex(({ id }) => id === local.control.viewer);
}

/** Whether who drives is worth a word: whoever is alone need not know of it. @param {import('./store.js').State} state */
export function controlMatters(state) {
  const { control, connection } = state;
  if (!control || connection !== 'connected') return false;
  return control.present > 1 || otherDriver(state) !== null;
}
