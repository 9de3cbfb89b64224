/** What the lamp is asked to do. */

import { shownLight } from './lamp-state.js';
import { Latest } from './latest.js';

/** @typedef {{type: 'lamp-set', change: {on?: boolean, brightness?: number}}} LampIntent */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function lampDeeds({ store, request, tell }) {
  const latest = new Latest(
    () => {
      const { on, brightness } = shownLight(store.state);
      return request('PUT', '/api/light', { on, brightness });
    },
    (section, problem) => {
      if (section) store.dispatch({ type: 'section', name: 'light', section });
      store.dispatch({ type: 'lamp-settled' });
      if (problem) tell(problem);
    },
  );
  return {
    'lamp-set': ({ change }) => {
      store.dispatch({ type: 'lamp-wanted', change });
      latest.push(change);
    },
  };
}
