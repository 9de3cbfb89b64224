/** Messages that were read. */

/** @typedef {{type: 'message-dismiss', id: number} | {type: 'message-show', text: string}} MessageIntent */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function messageDeeds({ store }) {
  return {
    'message-dismiss': ({ id }) => store.dispatch({ type: 'dismiss', id }),
    'message-show': ({ text }) => store.dispatch({ type: 'message', text }),
  };
}
