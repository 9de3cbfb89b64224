/** Asks what the program is made of. */

/** @typedef {{type: 'about-load'}} AboutIntent */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function aboutDeeds({ store, request, tell }) {
  async function load() {
    try {
      store.dispatch({ type: 'about', about: await request('GET', '/api/about') });
    } catch (problem) {
      tell(problem);
    }
  }
  return { 'about-load': () => void load() };
}
