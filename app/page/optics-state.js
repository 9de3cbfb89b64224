/**
 * The objectives, the one in place, and what follows from it: how large the picture's pixels are on the specimen, and
 * which steps suit it. The server's section `optics` is kept as it is sent.
 */

/**
 * `um_per_px` is the side of a sensor's pixel on the specimen, in the whole field at full resolution; `null` where
 * nobody has measured it.
 *
 * @typedef {{id: string, name: string, magnification: number, numerical_aperture: number | null,
 *   um_per_px: number | null, steps_um: {xy: number[], z: number[]}}} Objective
 * @typedef {{objectives: Objective[], objective: string | null}} OpticsState
 * @typedef {{sensor_width: number, sensor_height: number, stream_width: number, stream_height: number}} Sizes
 * @typedef {{width: number, zoom?: {size: number} | null}} PictureFacts what a frame's metadata say of its picture
 * @typedef {{optics: OpticsState, camera: {info: Sizes | null} | null}} Seen the parts of the state that matter here
 */

/** @type {OpticsState} */
export const INITIAL = Object.freeze({ objectives: [], objective: null });

/** What suits no objective in particular. */
const STEPS_UM = { xy: [1, 10, 100, 1000], z: [1, 10, 100] };

/**
 * The section after something happened.
 *
 * @param {OpticsState} slice
 * @param {{type: string, state?: any, name?: string, args?: any}} happening
 * @returns {OpticsState}
 */
export function reduce(slice, happening) {
  if (happening.type === 'state') return happening.state.optics ?? slice;
  if (happening.type === 'signal' && happening.name === 'optics_changed') return happening.args.p0;
  return slice;
}

/** The objective in place. @param {OpticsState} optics @returns {Objective | null} */
export function objectiveInPlace({ objectives, objective }) {
  return objectives.find(({ id }) => id === objective) ?? null;
}

/** The steps (micrometres) that suit the objective in place. @param {OpticsState} optics */
export function stepsOf(optics) {
  return objectiveInPlace(optics)?.steps_um ?? STEPS_UM;
}

/**
 * Micrometres on the specimen for one pixel of a live picture, whatever its size and zoom; `null` where unknown.
 *
 * @param {Seen} state
 * @param {PictureFacts | null | undefined} metadata
 * @returns {number | null}
 */
export function umPerPicturePx({ optics, camera }, metadata) {
  const um = objectiveInPlace(optics)?.um_per_px;
  const info = camera?.info;
  if (!um || !info || !metadata) return null;
  // The stream shows the middle of the sensor and fills it in width or in height.
  const streamPx = Math.max(info.stream_width / info.sensor_width, info.stream_height / info.sensor_height);
  const fieldPx = info.stream_width / streamPx;
  return (um * fieldPx * (metadata.zoom?.size ?? 1)) / metadata.width;
}

/**
 * How far the stage has to go so that what lies (dx, dy) pixels right of and below the picture's centre comes to that
 * centre. Added to the frame's `position` it is a place, also of a picture taken on the way. `null` where unknown.
 *
 * @param {Seen} state
 * @param {PictureFacts | null | undefined} metadata
 * @param {number} dx_px
 * @param {number} dy_px
 * @returns {{x_um: number, y_um: number} | null}
 */
export function stageFromPicture(state, metadata, dx_px, dy_px) {
  const um = umPerPicturePx(state, metadata);
  return um === null ? null : { x_um: dx_px * um, y_um: dy_px * um };
}
