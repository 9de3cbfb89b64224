/**
 * All that the page shows, but for the frames: one immutable state, one pure function that changes it.
 *
 * The server's sections (camera, stage, light, …) are kept as it sends them. What this page alone knows, such as a
 * setting that the server has not confirmed yet, lies in `local`, a slice an area: `AREA-state.js`.
 */

import * as aboutState from './about-state.js';
import * as accessState from './access-state.js';
import * as albumState from './album-state.js';
import * as cameraState from './camera-state.js';
import * as controlState from './control-state.js';
import * as lampState from './lamp-state.js';
import * as messageState from './message-state.js';
import * as overlayState from './overlay-state.js';
import * as opticsState from './optics-state.js';
import * as placeState from './place-state.js';
import * as stageState from './stage-state.js';
import * as upkeepState from './upkeep-state.js';

import { worded } from './problems.js';
import { t } from './text.js';

/**
 * @typedef {'starting' | 'ready' | 'busy' | 'fault' | 'absent' | 'stopped'} Status
 * @typedef {{minimum: number, maximum: number}} Range
 * @typedef {{x_um: number, y_um: number, z_um: number}} Position
 * @typedef {{exposure_us: number, gain: number, auto_exposure: boolean, jpeg_quality: number,
 *   auto_white_balance: boolean, red_gain: number, blue_gain: number, fps: number,
 *   stream_height?: number | null}} CameraSettings
 * @typedef {'jpeg' | 'png' | 'tiff' | 'dng'} StillFormat
 * @typedef {{model: string, simulated: boolean, sensor_width: number, sensor_height: number, stream_width: number,
 *   stream_height: number, zoom: Range | null, exposure_us: Range | null, gain: Range | null,
 *   auto_exposure: boolean, colour_gains: Range | null, auto_white_balance: boolean, fps: Range | null,
 *   still_formats: StillFormat[], stream_sizes?: [number, number][]}} CameraInfo
 * @typedef {{status: Status, info: CameraInfo | null, settings: CameraSettings, fault: string | null,
 *   fault_facts?: Record<string, any>}} CameraSection
 * @typedef {{limits_um: Range, um_per_step: number, max_speed_um_per_s: number, can_home: boolean,
 *   position_trusted?: boolean}} AxisInfo
 * @typedef {{status: Status, position: Position, axes: Partial<Record<'x' | 'y' | 'z', AxisInfo>>, simulated: boolean,
 *   position_trusted: boolean, fault: string | null, fault_facts?: Record<string, any>}} StageSection
 * @typedef {{id: string, name: string, colour: string, on: boolean, brightness: number}} LightChannel
 * @typedef {{status: Status, on: boolean, brightness: number, channels: LightChannel[], simulated: boolean,
 *   fault: string | null, fault_facts?: Record<string, any>}} LightState
 * @typedef {{file: string, line: number | null, text: string, facts: Record<string, any>}} RigError
 * @typedef {{version: string, started_at: number, simulated: string[], rig_errors?: RigError[],
 *   page?: string}} ServerState
 * @typedef {{id: string, url: string, file_name: string, media_type: string, width: number, height: number,
 *   size_bytes: number, captured_at: number, title: string, note: string}} ImageRecord
 * @typedef {'connecting' | 'connected' | 'reconnecting' | 'unreachable'} Connection
 * @typedef {{exposure_us?: number | null, gain?: number | null, red_gain?: number | null, blue_gain?: number | null,
 *   width?: number, height?: number, fps?: number}} FrameFacts
 */

/** The server's sections, each of which arrives whole, in `state` or as a `NAME_changed` signal. */
const SECTIONS = ['server', 'camera', 'stage', 'light', 'places', 'control', 'access', 'storage'];

/** What this page alone knows, a slice an area. */
const SLICES = {
  about: aboutState,
  access: accessState,
  album: albumState,
  camera: cameraState,
  control: controlState,
  lamp: lampState,
  messages: messageState,
  overlay: overlayState,
  places: placeState,
  stage: stageState,
  upkeep: upkeepState,
};

/**
 * @typedef {{
 *   about: aboutState.About | null,
 *   access: accessState.AccessLocal,
 *   album: albumState.AlbumLocal,
 *   camera: cameraState.CameraLocal,
 *   control: controlState.ControlLocal,
 *   lamp: lampState.LampLocal,
 *   messages: messageState.Message[],
 *   overlay: overlayState.OverlayState,
 *   places: placeState.PlaceLocal,
 *   stage: stageState.StageLocal,
 *   upkeep: upkeepState.UpkeepLocal,
 * }} Local
 *
 * @typedef {{
 *   connection: Connection,
 *   server: ServerState | null,
 *   camera: CameraSection | null,
 *   stage: StageSection | null,
 *   light: LightState | null,
 *   access: accessState.AccessSection | null,
 *   optics: opticsState.OpticsState,
 *   control: controlState.ControlSection | null,
 *   storage: import('./storage-state.js').StorageSection | null,
 *   places: import('./place-deeds.js').Place[],
 *   frame: FrameFacts | null,
 *   local: Local,
 * }} State `frame` is what one of the newest frames was taken with
 */

/**
 * What happened. `signal` carries what the server broadcasts under that name; a setting is `…-wanted` when the user
 * makes it, and `…-settled` when the server answered the last of them (`section` absent: it refused).
 *
 * @typedef {{type: 'connection', connection: Connection}
 *   | {type: 'state', state: Partial<State>}
 *   | {type: 'signal', name: string, args: Record<string, any>}
 *   | {type: 'section', name: string, section: object}
 *   | {type: 'frame', frame: FrameFacts}
 *   | {type: 'camera-wanted', change: Partial<CameraSettings>} | {type: 'camera-settled'}
 *   | {type: 'control-viewer', viewer: string | null}
 *   | {type: 'stage-step', axis: 'xy' | 'z', rank: number}
 *   | {type: 'stage-target', target: stageState.Spot | null}
 *   | {type: 'stage-refused', refusal: import('./refusals.js').Refusal} | {type: 'stage-obeyed'}
 *   | {type: 'place-deleted', place: import('./place-deeds.js').Place | null}
 *   | {type: 'camera-busy', action: cameraState.CameraAction | null}
 *   | {type: 'camera-look', look: Partial<Pick<cameraState.CameraLocal, 'clipping' | 'size'>>}
 *   | {type: 'lamp-wanted', change: lampState.LightChange} | {type: 'lamp-settled'}
 *   | albumState.AlbumHappening
 *   | {type: 'about', about: aboutState.About}
 *   | {type: 'restore', state: upkeepState.RestoreState}
 *   | {type: 'access-unpaired'} | {type: 'access-pairing'}
 *   | {type: 'access-refused', text: string, waitUntilMs: number}
 *   | {type: 'access-known', known: Partial<accessState.AccessLocal>}
 *   | overlayState.OverlayIntent
 *   | {type: 'message', text: string} | {type: 'dismiss', id: number}} Happening
 */

/** @type {State} */
export const INITIAL = Object.freeze({
  connection: 'connecting',
  server: null,
  camera: null,
  stage: null,
  light: null,
  access: null,
  optics: opticsState.INITIAL,
  control: null,
  storage: null,
  places: [],
  frame: null,
  local: /** @type {Local} */ (
    Object.fromEntries(Object.entries(SLICES).map(([name, { INITIAL: initial }]) => [name, initial]))
  ),
});

/**
 * The state after something happened. Pure: the same arguments give the same result, and neither is changed.
 *
 * @param {State} state
 * @param {Happening} happening
 * @returns {State}
 */
export function reduce(state, happening) {
  const after = withLocal(withSections(state, happening), happening);
  const optics = opticsState.reduce(state.optics, happening);
  return after.optics === optics ? after : { ...after, optics };
}

/** @param {State} state @param {Happening} happening @returns {State} */
function withSections(state, happening) {
  switch (happening.type) {
    case 'connection':
      return { ...state, connection: happening.connection };
    case 'state':
      return { ...state, ...happening.state, connection: 'connected' };
    case 'section':
      return withSection(state, happening.name, happening.section);
    case 'signal':
      return afterSignal(state, happening.name, happening.args);
    case 'frame':
      return { ...state, frame: happening.frame };
    default:
      return state;
  }
}

/** @param {State} state @param {string} name @param {Record<string, any>} args @returns {State} */
function afterSignal(state, name, args) {
  if (name === 'position_changed') {
    return state.stage ? { ...state, stage: { ...state.stage, position: args.p0 } } : state;
  }
  const section = name.replace(/_changed$/, '');
  // A newer server may say more than this page knows.
  return name.endsWith('_changed') && SECTIONS.includes(section) ? withSection(state, section, args.p0) : state;
}

/**
 * With a section in place of the one before, unless that is newer: answers and signals come by different ways.
 *
 * @param {State} state @param {string} name @param {any} section @returns {State}
 */
function withSection(state, name, section) {
  const before = /** @type {any} */ (state)[name];
  return section.revision < before?.revision ? state : { ...state, [name]: section };
}

/** @param {State} state @param {Happening} happening @returns {State} */
function withLocal(state, happening) {
  /** @type {Record<string, any>} */
  const before = state.local;
  const changed = Object.entries(SLICES).flatMap(([name, slice]) => {
    const after = /** @type {any} */ (slice).reduce(before[name], happening);
    return after === before[name] ? [] : [[name, after]];
  });
  return changed.length ? { ...state, local: { ...state.local, ...Object.fromEntries(changed) } } : state;
}

/** @typedef {'camera' | 'stage' | 'light'} Device */

/** Whether a device can be used here: it works, and nobody else drives. */
export function usable(/** @type {State} */ state, /** @type {Device} */ device) {
  return works(state, device) && !controlState.otherDriver(state);
}

/** Whether this browser may drive now, whatever works: the server can be reached, and nobody else drives. */
export function mayDrive(/** @type {State} */ state) {
  if (state.access && !accessState.may(state, 'operator')) return false;
  return state.connection === 'connected' && !controlState.otherDriver(state);
}

/** Whether a device works, whoever drives: it is there, the server can be reached, and this browser may use it. */
export function works(/** @type {State} */ state, /** @type {Device} */ device) {
  const status = state[device]?.status;
  if (state.access && !accessState.may(state, 'operator')) return false;
  return state.connection === 'connected' && (status === 'ready' || status === 'busy');
}

/** A few words on a device for its heading; empty when there is nothing to say. */
export function statusText(/** @type {State} */ state, /** @type {Device} */ device) {
  const status = state[device]?.status;
  if (status && state.server?.rig_errors?.length) return t('status.not-driven');
  if (status && state.access && !accessState.may(state, 'operator')) return t('status.view-only');
  // What mends that is said below it, in the panel.
  if (device === 'stage' && status === 'ready' && !state.stage?.position_trusted) return t('status.uncertain');
  const other = controlState.otherDriver(state);
  if (other && works(state, device)) return t('control.other', { name: controlState.personName(other.name) });
  return status ? t(`status.${status}`) : '';
}

/** @typedef {{device: Device, detail: string, told: string}} Fault `detail` is the server's own word, `told` the page's */

/** The devices' faults: they are shown until they are put right. @returns {Fault[]} */
export function faults(/** @type {State} */ state) {
  return /** @type {const} */ (['camera', 'stage', 'light']).flatMap((device) => {
    const section = state[device];
    if (section?.status !== 'fault') return [];
    const detail = section.fault ?? '';
    return [{ device, detail, told: worded(section.fault_facts ?? {}, detail) }];
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
