/** What the page knows of the stage beside the server's section: how far one press goes. */

/** @typedef {{stepsUm: {xy: number, z: number}}} StageLocal */

/** @type {StageLocal} */
export const INITIAL = { stepsUm: { xy: 100, z: 10 } };

/** @param {StageLocal} slice @param {import('./store.js').Happening} happening @returns {StageLocal} */
export function reduce(slice, happening) {
  if (happening.type !== 'stage-step') return slice;
  return { ...slice, stepsUm: { ...slice.stepsUm, [happening.axis]: happening.um } };
}
