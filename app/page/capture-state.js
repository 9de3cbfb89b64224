/** The newest stills, and whether one is being taken. */

/** @typedef {import('./store.js').ImageRecord} ImageRecord */

/** @typedef {{images: ImageRecord[], taking: boolean}} CaptureLocal */

/** How many of the newest stills are shown. */
export const SHOWN_IMAGES = 4;

/** @type {CaptureLocal} */
export const INITIAL = { images: [], taking: false };

/** @param {CaptureLocal} slice @param {import('./store.js').Happening} happening @returns {CaptureLocal} */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'still-started':
      return { ...slice, taking: true };
    case 'still-ended': {
      const images = happening.image ? [happening.image, ...slice.images] : slice.images;
      return { taking: false, images: images.slice(0, SHOWN_IMAGES) };
    }
    case 'images':
      return { ...slice, images: happening.images.slice(0, SHOWN_IMAGES) };
    default:
      return slice;
  }
}
