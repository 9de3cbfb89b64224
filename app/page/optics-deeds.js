/** What is done with the objectives. */

/**
 * @typedef {{name: string, magnification: number, numerical_aperture: number | null, um_per_px: number | null,
 *   steps_um?: {xy: number[], z: number[]} | null}} Facts
 * @typedef {{type: 'optics-choose', objective: string} | {type: 'optics-add', facts: Facts}
 *   | {type: 'optics-change', id: string, facts: Partial<Facts>} | {type: 'optics-remove', id: string}} OpticsIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function opticsDeeds({ attempt }) {
  return {
    'optics-choose': ({ objective }) => void attempt('PATCH', '/api/optics', { objective }),
    'optics-add': ({ facts }) => void attempt('POST', '/api/optics/objectives', facts),
    'optics-change': ({ id, facts }) => void attempt('PATCH', `/api/optics/objectives/${id}`, facts),
    'optics-remove': ({ id }) => void attempt('DELETE', `/api/optics/objectives/${id}`),
  };
}
