/** How the last restore goes. */

/** @typedef {{text: string, busy: boolean, wrong: boolean}} RestoreState */
/** @typedef {{restore: RestoreState | null}} UpkeepLocal */

/** @type {UpkeepLocal} */
export const INITIAL = { restore: null };

/** @param {UpkeepLocal} slice @param {import('./store.js').Happening} happening @returns {UpkeepLocal} */
export function reduce(slice, happening) {
  return happening.type === 'restore' ? { ...slice, restore: happening.state } : slice;
}
