/**
 * How bright a picture is, and where it is clipped: what a sensor could not tell apart any more.
 *
 * @typedef {{bins: number[], blown: number, black: number, mask: Uint8Array}} Tones `bins` is the histogram of the
 *   brightness, each the fraction of all pixels, the darkest first; `blown` and `black` are fractions of all pixels;
 *   `mask` says of each pixel, row by row, which it is
 */

export const BINS = 64;
/** What the mask says of a pixel. */
export const FINE = 0;
export const BLOWN = 1;
export const BLACK = 2;

/** A colour at least so bright in red, green or blue has no more detail there; JPEG may have taken a little off. */
const BLOWN_FROM = 253;
/** No colour brighter than this: what is left there is the sensor's dark level and its noise. */
const BLACK_TO = 5;

/** @param {ArrayLike<number>} rgba four bytes a pixel @returns {Tones} */
export function tonesOf(rgba) {
  const pixels = rgba.length / 4;
  const counts = new Uint32Array(BINS);
  const mask = new Uint8Array(pixels);
  let [blown, black] = [0, 0];
  for (let n = 0, at = 0; n < pixels; n += 1, at += 4) {
    const [red, green, blue] = [rgba[at], rgba[at + 1], rgba[at + 2]];
    // BT.601, as in the picture itself.
    counts[((0.299 * red + 0.587 * green + 0.114 * blue) * BINS) >> 8] += 1;
    const brightest = Math.max(red, green, blue);
    if (brightest >= BLOWN_FROM) {
      mask[n] = BLOWN;
      blown += 1;
    } else if (brightest <= BLACK_TO) {
      mask[n] = BLACK;
      black += 1;
    }
  }
  return { bins: Array.from(counts, (count) => count / pixels), blown: blown / pixels, black: black / pixels, mask };
}
