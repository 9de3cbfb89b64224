/** What a look at the picture asks of the microscope: another region from the camera, another place from the stage. */

import { Latest } from './latest.js';
import { usable } from './store.js';
import { t } from './text.js';
import { centred } from './view-state.js';

/**
 * @typedef {{type: 'camera-zoom', zoom: import('./field-view.js').Region}
 *   | {type: 'stage-centre', target: import('./specimen.js').Place | null}} ViewIntent `target` is where the stage has
 *   to go, `null` where nobody knows how large a pixel is
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function viewDeeds({ store, request, act, tell }) {
  const zoom = new Latest(
    (change) => request('PATCH', '/api/camera', change),
    (section, problem) => problem && tell(problem),
  );
  return {
    'camera-zoom': ({ zoom: region }) => zoom.push({ zoom: region }),
    'stage-centre': ({ target }) => {
      if (!target) return tell(new Error(t('view.no-scale')));
      const { move, limited } = centred(store.state.stage, target);
      if (!move || !usable(store.state, 'stage')) return tell(new Error(t('view.no-stage')));
      if (limited) tell(new Error(t('view.limited')));
      act({ type: 'stage-go', place: move });
    },
  };
}
