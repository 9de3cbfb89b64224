/**
 * All that the page shows, but for the frames: one immutable state, one pure function that changes it.
 *
 * The server's sections (camera, stage, light) are kept as it sends them. What the user has set and the server has not
 * yet confirmed lies beside them in `wanted` and wins wherever it is shown.
 */

import * as optics from './optics-state.js';

/**
 * @typedef {'starting' | 'ready' | 'busy' | 'fault' | 'absent' | 'stopped'} Status
 * @typedef {{minimum: number, maximum: number}} Range
 * @typedef {{x_um: number, y_um: number, z_um: number}} Position
 * @typedef {{exposure_us: number, gain: number, auto_exposure: boolean, jpeg_quality: number,
 *   auto_white_balance: boolean, red_gain: number, blue_gain: number, fps: number}} CameraSettings
 * @typedef {'jpeg' | 'png' | 'tiff' | 'dng'} StillFormat
 * @typedef {{model: string, simulated: boolean, exposure_us: Range | null, gain: Range | null,
 *   auto_exposure: boolean, colour_gains: Range | null, auto_white_balance: boolean, fps: Range | null,
 *   still_formats: StillFormat[]}} CameraInfo
 * @typedef {{status: Status, info: CameraInfo | null, settings: CameraSettings, fault: string | null}} CameraState
 * @typedef {{limits_um: Range, um_per_step: number, max_speed_um_per_s: number, can_home: boolean}} AxisInfo
 * @typedef {{status: Status, position: Position, axes: Partial<Record<'x' | 'y' | 'z', AxisInfo>>, simulated: boolean,
 *   position_trusted: boolean, fault: string | null}} StageState
 * @typedef {{status: Status, on: boolean, brightness: number, simulated: boolean, fault: string | null}} LightState
 * @typedef {{file: string, line: number | null, text: string}} RigError
 * @typedef {{version: string, started_at: number, simulated: string[], rig_errors?: RigError[]}} ServerState
 * @typedef {{text: string, busy: boolean, wrong: boolean}} RestoreState
 * @typedef {{id: string, url: string, file_name: string, media_type: string, width: number, height: number,
 *   size_bytes: number, captured_at: number}} ImageRecord
 * @typedef {{id: number, text: string}} Message
 * @typedef {'connecting' | 'connected' | 'reconnecting'} Connection
 * @typedef {{camera: Partial<CameraSettings>, light: Partial<LightState>}} Wanted
 * @typedef {{exposure_us?: number, gain?: number, red_gain?: number, blue_gain?: number}} Measured
 * @typedef {{
 *   connection: Connection,
 *   server: ServerState | null,
 *   camera: CameraState | null,
 *   stage: StageState | null,
 *   light: LightState | null,
 *   optics: import('./optics-state.js').OpticsState,
 *   wanted: Wanted,
 *   measured: Measured,
 *   images: ImageRecord[],
 *   takingStill: boolean,
 *   restore: RestoreState | null,
 *   messages: Message[],
 * }} State
 */

/**
 * What happened. `signal` carries what the server broadcasts under that name; a setting is `wanted` when the user makes
 * it, and `settled` when the server answered the last of them (`section` absent: it refused). `measured` is what the
 * newest frames were taken with.
 *
 * @typedef {{type: 'connection', connection: Connection}
 *   | {type: 'state', state: {server: ServerState, camera: CameraState, stage: StageState, light: LightState,
 *     optics?: import('./optics-state.js').OpticsState}}
 *   | {type: 'signal', name: string, args: Record<string, any>}
 *   | {type: 'wanted', device: 'camera' | 'light', change: object}
 *   | {type: 'settled', device: 'camera' | 'light', section?: object}
 *   | {type: 'measured', measured: Measured}
 *   | {type: 'still_started'}
 *   | {type: 'still_ended', image?: ImageRecord}
 *   | {type: 'images', images: ImageRecord[]}
 *   | {type: 'restore', state: RestoreState}
 *   | {type: 'message', text: string}
 *   | {type: 'dismiss', id: number}} Happening
 */

/** How many of the newest stills are shown. */
export const SHOWN_IMAGES = 4;
const SHOWN_MESSAGES = 4;

/** @type {State} */
export const INITIAL = Object.freeze({
  connection: 'connecting',
  server: null,
  camera: null,
  stage: null,
  light: null,
  optics: optics.INITIAL,
  wanted: { camera: {}, light: {} },
  measured: {},
  images: [],
  takingStill: false,
  restore: null,
  messages: [],
});

/**
 * The state after something happened. Pure: the same arguments give the same result, and neither is changed.
 *
 * @param {State} state
 * @param {Happening} happening
 * @returns {State}
 */
export function reduce(state, happening) {
  switch (happening.type) {
    case 'connection':
      return { ...state, connection: happening.connection };
    case 'state':
      return { ...state, ...happening.state, optics: optics.reduce(state.optics, happening), connection: 'connected' };
    case 'signal':
      return afterSignal(state, happening.name, happening.args);
    case 'wanted':
      return withWanted(state, happening.device, { ...state.wanted[happening.device], ...happening.change });
    case 'settled': {
      const confirmed = happening.section ? { [happening.device]: happening.section } : {};
      return { ...withWanted(state, happening.device, {}), ...confirmed };
    }
    case 'measured':
      return { ...state, measured: happening.measured };
    case 'still_started':
      return { ...state, takingStill: true };
    case 'still_ended':
      return {
        ...state,
        takingStill: false,
        images: [...(happening.image ? [happening.image] : []), ...state.images].slice(0, SHOWN_IMAGES),
      };
    case 'images':
      return { ...state, images: happening.images.slice(0, SHOWN_IMAGES) };
    case 'restore':
      return { ...state, restore: happening.state };
    case 'message':
      return withMessage(state, happening.text);
    case 'dismiss':
      return { ...state, messages: state.messages.filter((message) => message.id !== happening.id) };
  }
}

/** @param {State} state @param {string} name @param {Record<string, any>} args @returns {State} */
function afterSignal(state, name, args) {
  switch (name) {
    case 'camera_changed':
      return { ...state, camera: args.p0 };
    case 'stage_changed':
      return { ...state, stage: args.p0 };
    case 'light_changed':
      return { ...state, light: args.p0 };
    case 'optics_changed':
      return { ...state, optics: optics.reduce(state.optics, { type: 'signal', name, args }) };
    case 'position_changed':
      return state.stage ? { ...state, stage: { ...state.stage, position: args.p0 } } : state;
    case 'device_failed':
      return withMessage(state, `${DEVICE_NAMES[args.p0] ?? args.p0}: ${args.p1}`);
    default:
      return state; // a newer server may say more than this page knows
  }
}

/** @type {Record<string, string>} */
export const DEVICE_NAMES = { camera: 'Camera', stage: 'Stage', light: 'Lamp' };

/** @param {State} state @param {'camera' | 'light'} device @param {object} change @returns {State} */
function withWanted(state, device, change) {
  return { ...state, wanted: { ...state.wanted, [device]: change } };
}

/** A text that is shown already is not shown twice: it moves to the end, as new. @returns {State} */
function withMessage(/** @type {State} */ state, /** @type {string} */ text) {
  const id = 1 + Math.max(0, ...state.messages.map((message) => message.id));
  const others = state.messages.filter((message) => message.text !== text);
  return { ...state, messages: [...others, { id, text }].slice(-SHOWN_MESSAGES) };
}

/**
 * The camera's settings as shown: what the user wants, else what is in force; what a camera on automatic chose.
 *
 * @param {State} state
 * @returns {Partial<CameraSettings>}
 */
export function shownCamera(state) {
  const settings = { ...state.camera?.settings, ...state.wanted.camera };
  const { exposure_us, gain, red_gain, blue_gain } = state.measured;
  const chosen = {
    ...(settings.auto_exposure && { exposure_us, gain }),
    ...(settings.auto_white_balance && { red_gain, blue_gain }),
  };
  const told = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(told) };
}

/** The lamp as shown. @param {State} state */
export function shownLight(state) {
  return { on: false, brightness: 0, ...state.light, ...state.wanted.light };
}

/** Whether a device can be used: it is there, it works, and the server can be reached. */
export function usable(/** @type {State} */ state, /** @type {'camera' | 'stage' | 'light'} */ device) {
  const status = state[device]?.status;
  return state.connection === 'connected' && (status === 'ready' || status === 'busy');
}

/** A few words on a device for its heading; empty when there is nothing to say. */
export function statusText(/** @type {State} */ state, /** @type {'camera' | 'stage' | 'light'} */ device) {
  const status = state[device]?.status;
  if (status && state.server?.rig_errors?.length) return 'not driven';
  if (device === 'stage' && status === 'ready' && !state.stage?.position_trusted) {
    const canHome = Object.values(state.stage?.axes ?? {}).some((axis) => axis.can_home);
    return canHome ? 'position uncertain: home it' : 'position uncertain';
  }
  return status ? STATUS_TEXTS[status] : '';
}

/** @type {Record<Status, string>} */
export const STATUS_TEXTS = {
  starting: 'starting…',
  ready: '',
  busy: 'moving',
  fault: 'fault',
  absent: 'not installed',
  stopped: 'stopped',
};

/** The devices' faults: they are shown until they are put right. @returns {string[]} */
export function faults(/** @type {State} */ state) {
  return /** @type {const} */ (['camera', 'stage', 'light']).flatMap((device) => {
    const section = state[device];
    return section?.status === 'fault' ? [`${DEVICE_NAMES[device]}: ${section.fault ?? 'it does not work'}`] : [];
  });
}

/** Holds the state and tells its listeners of each new one. */
export class Store {
  /** @type {State} */
  state = INITIAL;
  /** @type {(state: State) => void} */
  onchange = () => {};

  /** @param {Happening} happening */
  dispatch(happening) {
    this.state = reduce(this.state, happening);
    this.onchange(this.state);
  }
}
