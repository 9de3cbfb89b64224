/** Steps and speeds that suit the objective in place and the stage's motors. */

import { stepsOf } from './optics-state.js';

/** @typedef {import('./store.js').State} State */
/** @typedef {import('./jogger.js').Distance} Distance */

/**
 * The steps to choose from (micrometres), over the specimen or of the focus: none is smaller than the motors' own.
 *
 * @param {State} state
 * @param {'xy' | 'z'} which
 * @returns {number[]}
 */
export function steps(state, which) {
  const axes = which === 'z' ? [state.stage?.axes.z] : [state.stage?.axes.x, state.stage?.axes.y];
  const least = Math.max(0, ...axes.map((axis) => axis?.um_per_step ?? 0));
  return [...new Set(stepsOf(state.optics)[which].map((um) => Math.max(um, least)))];
}

/** The one that is chosen: as many places from the smallest for every objective. @param {State} state */
export function chosenStep(state, /** @type {'xy' | 'z'} */ which) {
  const all = steps(state, which);
  return all[Math.min(state.local.stage.rank[which], all.length - 1)];
}

/**
 * How fast a stick at its edge goes, in micrometres a second: as far as the largest step, if the motors can.
 *
 * @param {State} state
 * @param {'xy' | 'z'} which
 */
export function fullSpeed(state, which) {
  const axes = state.stage?.axes ?? {};
  const speeds = (which === 'z' ? [axes.z] : [axes.x, axes.y]).flatMap((axis) => axis?.max_speed_um_per_s ?? []);
  return Math.min(/** @type {number} */ (steps(state, which).at(-1)), ...speeds);
}

/** One step of each axis that there is. @param {State} state @returns {Distance} */
export function leastDistances(state) {
  const axes = Object.entries(state.stage?.axes ?? {});
  return Object.fromEntries(axes.map(([axis, { um_per_step }]) => [`${axis}_um`, um_per_step]));
}
