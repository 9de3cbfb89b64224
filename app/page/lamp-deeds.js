/** What the light is asked to do. */

import { joined } from './lamp-state.js';
import { Latest } from './latest.js';

/** @typedef {{type: 'lamp-set', change: import('./lamp-state.js').LightChange}} LampIntent */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function lampDeeds({ store, request, tell }) {
  const latest = new Latest(
    (change) => request('PATCH', '/api/light', change),
    (section, problem) => {
      if (section) store.dispatch({ type: 'section', name: 'light', section });
      store.dispatch({ type: 'lamp-settled' });
      if (problem) tell(problem);
    },
    joined,
  );
  return {
    'lamp-set': ({ change }) => {
      store.dispatch({ type: 'lamp-wanted', change });
      latest.push(change);
    },
  };
}
