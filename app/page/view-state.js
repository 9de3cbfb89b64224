/** What the view may ask of camera and stage. */

import { bounded } from './field-view.js';
import { usable } from './store.js';

/** The camera, where this viewer may ask it for a part of its field; else `null`. @param {any} state */
export function zoomableCamera(state) {
  const looksOnly = state.access?.role === 'viewer';
  return !looksOnly && usable(state, 'camera') && state.camera.info?.zoom ? state.camera.info : null;
}

/**
 * Where the stage goes so that a point comes to the middle: as near as the limits of the axes that there are allow.
 *
 * @param {import('./store.js').StageSection | null} stage
 * @param {import('./specimen.js').Place} target
 * @returns {{move: {x_um?: number, y_um?: number} | null, limited: boolean}}
 */
export function centred(stage, target) {
  const axes = /** @type {const} */ (['x', 'y']).filter((axis) => stage?.axes[axis]);
  if (!axes.length) return { move: null, limited: false };
  const wanted = axes.map((axis) => target[/** @type {'x_um' | 'y_um'} */ (`${axis}_um`)]);
  const reached = axes.map((axis, index) => {
    const { minimum, maximum } = /** @type {import('./store.js').AxisInfo} */ (stage?.axes[axis]).limits_um;
    return bounded(wanted[index], minimum, maximum);
  });
  const limited = reached.some((um, index) => um !== wanted[index]);
  return { move: Object.fromEntries(axes.map((axis, index) => [`${axis}_um`, reached[index]])), limited };
}
