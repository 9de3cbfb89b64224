/** Decodes pictures off the main thread, in their order; see `decoder.js`. It imports nothing, so it starts at once. */

self.onmessage = async (/** @type {MessageEvent<ArrayBuffer>} */ { data }) => {
  try {
    const bitmap = await createImageBitmap(new Blob([data], { type: 'image/jpeg' }));
    self.postMessage(bitmap, { transfer: [bitmap] });
  } catch {
    self.postMessage(null);
  }
};
// Ready: a worker that cannot decode never says so.
if (typeof createImageBitmap === 'function') self.postMessage('ready');
