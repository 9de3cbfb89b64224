/** Stills: taken on demand, listed on every connection. */

/** @typedef {{type: 'capture-still', format: import('./store.js').StillFormat}} CaptureIntent */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function captureDeeds({ socket, store, request, tell }) {
  async function list() {
    try {
      store.dispatch({ type: 'images', images: await request('GET', '/api/images') });
    } catch (problem) {
      tell(problem);
    }
  }

  /** @param {string} format */
  async function take(format) {
    store.dispatch({ type: 'still-started' });
    let image;
    try {
      image = await request('POST', '/api/camera/still', { format });
    } catch (problem) {
      tell(problem);
    }
    store.dispatch({ type: 'still-ended', image });
  }

  socket.on('state', () => void list());
  return { 'capture-still': ({ format }) => void take(format) };
}
