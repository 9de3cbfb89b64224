/**
 * What the page knows of the stage beside the server's section: how far one press goes (`rank`: counted from the smallest
 * step, so that it fits every objective), where it has been, where it was sent to, and what it refused.
 */

import { trailed } from './trail.js';

/**
 * @typedef {import('./trail.js').Spot} Spot
 * @typedef {{rank: {xy: number, z: number}, trail: Spot[], travel_um: number, target: Spot | null,
 *   refusal: (import('./refusals.js').Refusal & {id: number}) | null, refusals: number}} StageLocal
 */

/** @type {StageLocal} */
export const INITIAL = { rank: { xy: 2, z: 1 }, trail: [], travel_um: 0, target: null, refusal: null, refusals: 0 };

/** @param {StageLocal} slice @param {import('./store.js').Happening} happening @returns {StageLocal} */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'stage-step':
      return { ...slice, rank: { ...slice.rank, [happening.axis]: happening.rank } };
    case 'stage-target':
      return { ...slice, target: happening.target };
    case 'stage-refused': {
      const id = slice.refusals + 1;
      return { ...slice, refusal: { ...happening.refusal, id }, refusals: id };
    }
    case 'stage-obeyed':
      return slice.refusal ? { ...slice, refusal: null } : slice;
    case 'state':
      return seen(slice, happening.state.stage);
    case 'signal':
      if (happening.name === 'stage_changed') return seen(slice, happening.args.p0);
      return happening.name === 'position_changed' ? been(slice, happening.args.p0) : slice;
    default:
      return slice;
  }
}

/** @param {StageLocal} slice @param {import('./store.js').StageSection | null | undefined} stage @returns {StageLocal} */
function seen(slice, stage) {
  if (!stage) return slice;
  const travels = [stage.axes.x, stage.axes.y].flatMap((axis) =>
    axis ? [axis.limits_um.maximum - axis.limits_um.minimum] : [],
  );
  const travel_um = Math.max(0, ...travels);
  return been(travel_um === slice.travel_um ? slice : { ...slice, travel_um }, stage.position);
}

/** @param {StageLocal} slice @param {Spot} spot @returns {StageLocal} */
function been(slice, spot) {
  if (!slice.travel_um) return slice; // there is no map
  const trail = trailed(slice.trail, spot, slice.travel_um);
  return trail === slice.trail ? slice : { ...slice, trail };
}
