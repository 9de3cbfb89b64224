/** Why the stage did not do what it was asked to, in words that say what to do. */

import { worded } from './problems.js';
import { t } from './text.js';
import { brief } from './units.js';

/** @typedef {import('./store.js').State} State */
/** @typedef {import('./jogger.js').Distance} Distance */
/** @typedef {{axis: 'x' | 'y' | 'z', end: 'minimum' | 'maximum'}} Edge a limit that was reached */
/** @typedef {{text: string, edges: Edge[], home?: boolean}} Refusal `home`: homing would mend it */

const AXES = /** @type {const} */ (['x', 'y', 'z']);

/** By what a motion can be ended, as the server calls it. @type {Record<string, import('./text.js').Key>} */
const ENDED_BY = {
  'a stop': 'stage.ended-by-stop',
  'an emergency stop': 'stage.ended-by-emergency',
  'a limit switch': 'stage.ended-by-switch',
};

/**
 * The words for a problem. `wanted` is the distance or place that was asked for.
 *
 * @param {unknown} problem
 * @param {State} state
 * @param {Distance} [wanted]
 * @returns {Refusal}
 */
export function refusalOf(problem, state, wanted = {}) {
  const { code, facts = {}, message } = /** @type {import('./problems.js').Problem} */ (problem);
  switch (code) {
    case 'out-of-limits':
      return facts.axis ? beyond(facts, wanted) : atLimit(state, wanted);
    case 'device-busy':
      return { text: t('stage.refused-busy'), edges: [] };
    case 'device-stopped':
      return { text: facts.ended_by in ENDED_BY ? t(ENDED_BY[facts.ended_by]) : message, edges: [] };
    case 'device-fault':
    case 'device-timeout':
      return { text: t('stage.refused-fault', { fault: worded(facts, facts.detail ?? message) }), edges: [] };
    case 'device-absent':
      return { text: t('stage.refused-absent'), edges: [] };
    default:
      return { text: message, edges: [] };
  }
}

/** A place outside the limits. @returns {Refusal} */
function beyond(/** @type {Record<string, any>} */ { axis, minimum_um, maximum_um }, /** @type {Distance} */ wanted) {
  const um = wanted[/** @type {'x_um'} */ (`${axis}_um`)] ?? 0;
  return {
    text: t('stage.refused-outside', { axis, minimum: brief(minimum_um, 2), maximum: brief(maximum_um, 2) }),
    edges: [{ axis, end: um < minimum_um ? 'minimum' : 'maximum' }],
  };
}

/** A push against the limit at which the stage stands. @returns {Refusal} */
function atLimit(/** @type {State} */ { stage }, /** @type {Distance} */ wanted) {
  /** @type {Edge[]} */
  const edges = AXES.filter((axis) => wanted[`${axis}_um`]).map((axis) => ({
    axis,
    end: (wanted[`${axis}_um`] ?? 0) < 0 ? 'minimum' : 'maximum',
  }));
  const limits = edges.map(({ axis, end }) => `${axis} = ${brief(stage?.axes[axis]?.limits_um[end] ?? NaN, 2)} µm`);
  return { text: t('stage.refused-limit', { limits: limits.join(', ') }), edges };
}

/**
 * Why the stage cannot go to a place whose coordinates it does not know for sure; `null` where it does.
 *
 * @param {State} state
 * @param {Distance} place
 * @returns {Refusal | null}
 */
export function uncertain({ stage }, place) {
  const axes = AXES.filter((axis) => place[`${axis}_um`] !== undefined && stage?.axes[axis]?.position_trusted === false);
  if (!axes.length) return null;
  const home = axes.every((axis) => stage?.axes[axis]?.can_home);
  const key = home ? 'stage.refused-uncertain-home' : 'stage.refused-uncertain';
  return { text: t(key, { axes: axes.join(', ') }), edges: [], home };
}
