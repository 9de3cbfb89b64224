/** What is done with the named places. */

/**
 * @typedef {{x_um?: number | null, y_um?: number | null, z_um?: number | null}} Spot
 * @typedef {{id: string, name: string, position: Spot}} Place
 * @typedef {{type: 'place-add', name: string} | {type: 'place-rename', id: string, name: string}
 *   | {type: 'place-delete', place: Place} | {type: 'place-undo', place: Place}} PlaceIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function placeDeeds({ store, attempt }) {
  const deleted = (/** @type {Place | null} */ place) => store.dispatch({ type: 'place-deleted', place });
  return {
    'place-add': ({ name }) => void attempt('POST', '/api/places', { name }),
    'place-rename': ({ id, name }) => void attempt('PATCH', `/api/places/${id}`, { name }),
    'place-delete': async ({ place }) => {
      if (await attempt('DELETE', `/api/places/${place.id}`)) deleted(place);
    },
    'place-undo': async ({ place: { name, position } }) => {
      if (await attempt('POST', '/api/places', { name, position })) deleted(null);
    },
  };
}
