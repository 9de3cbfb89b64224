/** The small map of the stage: what it shows, in micrometres; x grows to the right and y down, as in the picture. */

/** A standard slide (ISO 8037-1), its long side along x. */
export const SLIDE_UM = { width: 76_000, height: 26_000 };
/** What is seen beyond the limits, as a part of their longer side. */
const MARGIN = 0.16;

/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {import('./store.js').StageSection} Stage */

/**
 * What the map shows: the limits, the slide (as if it lay in their middle: where it really lies nobody knows), and the
 * part of both that is seen; `null` for a stage without x or y.
 *
 * @param {Stage | null} stage
 * @returns {{limits: Box, slide: Box, seen: Box} | null}
 */
export function mapOf(stage) {
  const { x, y } = stage?.axes ?? {};
  if (!x || !y) return null;
  const limits = {
    x: x.limits_um.minimum,
    y: y.limits_um.minimum,
    width: x.limits_um.maximum - x.limits_um.minimum,
    height: y.limits_um.maximum - y.limits_um.minimum,
  };
  const margin = MARGIN * Math.max(limits.width, limits.height);
  const middle = { x: limits.x + limits.width / 2, y: limits.y + limits.height / 2 };
  const { width, height } = SLIDE_UM;
  return {
    limits,
    slide: { x: middle.x - width / 2, y: middle.y - height / 2, width, height },
    seen: grown(limits, margin),
  };
}

/** @param {Box} box @param {number} by @returns {Box} */
function grown({ x, y, width, height }, by) {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

/**
 * The place under a pointer, in whole micrometres and within the limits: a finger beside the edge means the edge.
 *
 * @param {{seen: Box, limits: Box}} map
 * @param {{left: number, top: number, width: number, height: number}} box of the drawing on the screen, which the map
 *   fills from the middle without distortion
 * @param {{clientX: number, clientY: number}} pointer
 * @returns {{x_um: number, y_um: number}}
 */
export function placeAt({ seen, limits }, box, { clientX, clientY }) {
  const um = Math.max(seen.width / box.width, seen.height / box.height);
  const x = seen.x + seen.width / 2 + (clientX - box.left - box.width / 2) * um;
  const y = seen.y + seen.height / 2 + (clientY - box.top - box.height / 2) * um;
  return {
    x_um: Math.round(Math.min(Math.max(x, limits.x), limits.x + limits.width)),
    y_um: Math.round(Math.min(Math.max(y, limits.y), limits.y + limits.height)),
  };
}
