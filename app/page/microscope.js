/**
 * The page's end of the microscope: what the socket says goes into the store and to the view, what the user does goes
 * to the server. The one place that knows events and addresses.
 */

import { Jogger } from './jogger.js';
import { Latest } from './latest.js';
import { ServerClock } from './server-clock.js';
import { shownLight } from './store.js';

/**
 * What a user does; elements emit these and never fetch.
 *
 * @typedef {{type: 'jog', distance: import('./jogger.js').Distance}
 *   | {type: 'release'} | {type: 'stop'} | {type: 'home', axes: string[]}
 *   | {type: 'light', change: {on?: boolean, brightness?: number}}
 *   | {type: 'restore', file: File} | {type: 'restart'}
 *   | {type: 'camera', change: Partial<import('./store.js').CameraSettings>}
 *   | {type: 'camera-action', action: 'reset' | 'white-balance'}
 *   | {type: 'still', format: import('./store.js').StillFormat}
 *   | {type: 'dismiss', id: number}} Intent
 */

const MEASURED_EVERY_MS = 500;
/** As long as the server waits for a motion. */
const HOMING_MS = 900_000;
const UPLOAD_MS = 120_000;
const CLOCK_TIMEOUT_MS = 5000;
/** A little longer than the server gives the camera. */
const CAMERA_ACTION_MS = 45_000;

export class Microscope {
  /** Told of every frame. @type {(metadata: any, jpeg: ArrayBuffer) => void} */
  onframe = () => {};
  #visible = true;
  #measuredAt = -Infinity;
  #socket;
  #store;
  #request;

  /**
   * @param {any} socket a Socket.IO client socket
   * @param {import('./store.js').Store} store
   * @param {typeof import('./http.js').request} request
   */
  constructor(socket, store, request) {
    this.#socket = socket;
    this.#store = store;
    this.#request = request;
    /** The server's clock. */
    this.clock = new ServerClock(() => socket.timeout(CLOCK_TIMEOUT_MS).emitWithAck('clock'));
    this.jogger = new Jogger(
      (distance) => this.#try('POST', '/api/stage/jog', distance),
      () => this.#try('POST', '/api/stage/stop', undefined, { keepalive: true }).then(() => {}),
    );
    this.light = new Latest(
      () => {
        const { on, brightness } = shownLight(store.state);
        return request('PUT', '/api/light', { on, brightness });
      },
      (section, problem) => this.#settle('light', section, problem),
    );
    this.camera = new Latest(
      (change) => request('PATCH', '/api/camera', change),
      (section, problem) => this.#settle('camera', section, problem),
    );
    this.#listen();
  }

  /** Do what the user wants. @param {Intent} intent */
  act(intent) {
    switch (intent.type) {
      case 'jog':
        return this.jogger.press(intent.distance);
      case 'release':
        return this.jogger.release();
      case 'stop':
        return void this.jogger.stop();
      case 'home':
        return void this.#try('POST', '/api/stage/home', { axes: intent.axes }, { timeout_ms: HOMING_MS });
      case 'light':
      case 'camera':
        this.#store.dispatch({ type: 'wanted', device: intent.type, change: intent.change });
        return this[intent.type].push(intent.change);
      case 'camera-action':
        // What it sets, it tells to all viewers.
        return void this.#try('POST', `/api/camera/${intent.action}`, undefined, { timeout_ms: CAMERA_ACTION_MS });
      case 'still':
        return void this.#still(intent.format);
      case 'restore':
        return void this.#restore(intent.file);
      case 'restart':
        return void this.#try('POST', '/api/restart');
      case 'dismiss':
        return this.#store.dispatch({ type: 'dismiss', id: intent.id });
    }
  }

  /** Say whether the page can be seen: a hidden one takes no frames and holds no button. */
  show(/** @type {boolean} */ visible) {
    this.#visible = visible;
    if (!visible) this.jogger.release();
    if (this.#socket.connected) this.#socket.emit(visible ? 'subscribe' : 'unsubscribe');
  }

  /** Tell the server that a frame is painted, or given up. @param {import('./painter.js').Done} done */
  acknowledge({ frameId, receivedMs, paintedMs }) {
    // Without a connection it would be kept for the next one, to which it means nothing. (A volatile event is no way
    // out: of two in a row, the second is lost.)
    if (!this.#socket.connected) return;
    const received_at = this.#serverTime(receivedMs);
    const painted_at = this.#serverTime(paintedMs);
    // What is undefined is not sent.
    this.#socket.emit('frame_ack', { frame_id: frameId, received_at, painted_at });
  }

  /** The server's time in seconds, to a tenth of a millisecond; `undefined` where it is not known. */
  #serverTime(/** @type {number | undefined} */ localMs) {
    const at = localMs === undefined ? null : this.clock.at(localMs);
    return at === null ? undefined : Math.round(at * 1e4) / 1e4;
  }

  #listen() {
    const dispatch = this.#store.dispatch.bind(this.#store);
    this.#socket.on('connect', () => {
      this.clock.start();
      // A new viewer is in the stream by default.
      if (!this.#visible) this.#socket.emit('unsubscribe');
    });
    this.#socket.on('disconnect', (/** @type {string} */ reason) => {
      this.clock.stop();
      this.jogger.release();
      dispatch({ type: 'connection', connection: 'reconnecting' });
      // The client takes a goodbye for final; this server says it as it restarts.
      if (reason === 'io server disconnect') this.#socket.connect();
    });
    this.#socket.on('state', (/** @type {string} */ text) => {
      dispatch({ type: 'state', state: JSON.parse(text) });
      void this.#loadImages();
    });
    this.#socket.on('signal', (/** @type {string} */ text) => dispatch({ type: 'signal', ...JSON.parse(text) }));
    this.#socket.on('frame', (/** @type {[any, ArrayBuffer]} */ [metadata, jpeg]) => {
      this.onframe(metadata, jpeg);
      this.#measure(metadata);
    });
  }

  /** @param {Record<'exposure_us' | 'gain' | 'red_gain' | 'blue_gain', number | null>} metadata */
  #measure({ exposure_us, gain, red_gain, blue_gain }) {
    const now = performance.now();
    if (now - this.#measuredAt < MEASURED_EVERY_MS) return;
    this.#measuredAt = now;
    const told = Object.entries({ exposure_us, gain, red_gain, blue_gain }).filter(([, value]) => value != null);
    this.#store.dispatch({ type: 'measured', measured: Object.fromEntries(told) });
  }

  async #still(/** @type {string} */ format) {
    this.#store.dispatch({ type: 'still_started' });
    let image;
    try {
      image = await this.#request('POST', '/api/camera/still', { format });
    } catch (problem) {
      this.#tell(problem);
    }
    this.#store.dispatch({ type: 'still_ended', image });
  }

  /** A restore is carried out by the restart that follows. */
  async #restore(/** @type {File} */ file) {
    const tell = (/** @type {string} */ text, state = {}) =>
      this.#store.dispatch({ type: 'restore', state: { text, busy: false, wrong: false, ...state } });
    tell('Sending…', { busy: true });
    try {
      const { files, restart_needed } = await this.#request('POST', '/api/restore', file, { timeout_ms: UPLOAD_MS });
      if (!restart_needed) return tell('Everything is as in that backup already.');
      await this.#request('POST', '/api/restart');
      const taken = files.filter((/** @type {{change: string}} */ { change }) => change === 'new' || change === 'changed');
      tell(`Restored: ${taken.map((/** @type {{name: string}} */ { name }) => name).join(', ')}.`);
    } catch (problem) {
      tell(`Not restored: ${/** @type {Error} */ (problem).message}`, { wrong: true });
    }
  }

  async #loadImages() {
    try {
      this.#store.dispatch({ type: 'images', images: await this.#request('GET', '/api/images') });
    } catch (problem) {
      this.#tell(problem);
    }
  }

  /** @param {'camera' | 'light'} device @param {any} section @param {Error} [problem] */
  #settle(device, section, problem) {
    this.#store.dispatch({ type: 'settled', device, section });
    if (problem) this.#tell(problem);
  }

  /** @returns {Promise<boolean>} whether it was done @param {Parameters<typeof import('./http.js').request>} call */
  async #try(...call) {
    try {
      await this.#request(...call);
      return true;
    } catch (problem) {
      this.#tell(problem);
      return false;
    }
  }

  #tell(/** @type {unknown} */ problem) {
    this.#store.dispatch({ type: 'message', text: /** @type {Error} */ (problem).message });
  }
}
