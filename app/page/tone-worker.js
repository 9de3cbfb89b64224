/**
 * Looks at a picture for its tones, off the main thread. Single pixels are taken out of it, and no means: a mean of what
 * is clipped and what is not looks as if nothing were.
 */

import { tonesOf } from './tones.js';

const WIDTH = 160;

self.onmessage = async (/** @type {MessageEvent<ArrayBuffer>} */ { data }) => {
  try {
    const bitmap = await createImageBitmap(new Blob([data], { type: 'image/jpeg' }));
    const height = Math.max(1, Math.round((WIDTH * bitmap.height) / bitmap.width));
    const context = new OffscreenCanvas(WIDTH, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap, 0, 0, WIDTH, height);
    bitmap.close();
    const tones = tonesOf(context.getImageData(0, 0, WIDTH, height).data);
    self.postMessage({ ...tones, width: WIDTH, height }, { transfer: [tones.mask.buffer] });
  } catch {
    self.postMessage(null); // a picture that cannot be read is the view's to tell of
  }
};
