/**
 * Where the cells of a grid lie that is too long to be there as a whole. Lengths are CSS pixels.
 *
 * @typedef {{columns: number, width: number, height: number, rows: number, total: number}} Layout `width` and `height`
 *   are those of a cell with the gap beside and below it
 */

const NARROWEST = 104;
const USUAL = 168;
/** Below the picture is its name. */
const NAME = 22;
export const GAP = 8;
/** Rows that are there above and below those that are seen, so that scrolling finds them. */
const SPARE_ROWS = 2;

/** The layout of so many cells in a width. @param {number} width @param {number} count @returns {Layout} */
export function layoutOf(width, count) {
  const roomy = Math.floor((width + GAP) / (USUAL + GAP));
  const columns = Math.max(1, Math.min(Math.max(roomy, 3), Math.floor((width + GAP) / (NARROWEST + GAP))));
  const across = (width + GAP) / columns;
  const height = ((across - GAP) * 3) / 4 + NAME + GAP;
  const rows = Math.ceil(count / columns);
  return { columns, width: across, height, rows, total: rows * height };
}

/** The cells that have to be there: the first, and the one after the last. @param {Layout} layout @param {number} count */
export function cellsThere({ columns, height }, /** @type {number} */ top, /** @type {number} */ seen, count) {
  const first = Math.max(0, Math.floor(top / height) - SPARE_ROWS) * columns;
  const last = (Math.ceil((top + seen) / height) + SPARE_ROWS) * columns;
  return { from: Math.min(first, count), to: Math.min(last, count) };
}

/** Where a cell lies. @param {Layout} layout @param {number} place */
export function cellAt({ columns, width, height }, place) {
  return { left: (place % columns) * width, top: Math.floor(place / columns) * height };
}

/** How far has to be scrolled so that a cell is seen whole. @param {Layout} layout */
export function scrolledTo(layout, /** @type {number} */ place, /** @type {number} */ top, /** @type {number} */ seen) {
  const cell = cellAt(layout, place);
  if (cell.top < top) return cell.top;
  return cell.top + layout.height > top + seen ? cell.top + layout.height - seen : top;
}

/**
 * Where a key leads from a place; `null` where it leads nowhere.
 *
 * @param {string} key
 * @param {number} place
 * @param {Layout} layout
 * @param {number} count
 * @param {number} seen
 * @returns {number | null}
 */
export function placeAfter(key, place, { columns, height }, count, seen) {
  const page = Math.max(1, Math.floor(seen / height)) * columns;
  /** @type {Record<string, number>} */
  const ways = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -page, PageDown: page };
  if (key === 'Home') return 0;
  if (key === 'End') return Math.max(0, count - 1);
  if (!(key in ways)) return null;
  const there = place + ways[key];
  // A column goes no further than its own end, a page as far as there is something.
  if (key === 'ArrowUp' || key === 'ArrowDown') return there < 0 || there >= count ? place : there;
  return Math.max(0, Math.min(there, count - 1));
}
