/**
 * The page's end of the microscope: what the socket says goes into the store and to the view, what the user does is
 * done by the areas' deeds (`AREA-deeds.js`), whose tables are joined here: some at once, the others as they come.
 */

import { accessDeeds } from './access-deeds.js';
import { messageDeeds } from './message-deeds.js';
import { ServerClock } from './server-clock.js';
import { stageDeeds } from './stage-deeds.js';
import { viewDeeds } from './view-deeds.js';
import { Watchers } from './watchers.js';

/**
 * What a user does; elements emit these and never fetch.
 *
 * @typedef {import('./stage-deeds.js').StageIntent | import('./camera-deeds.js').CameraIntent
 *   | import('./control-deeds.js').ControlIntent
 *   | import('./lamp-deeds.js').LampIntent | import('./album-deeds.js').AlbumIntent
 *   | import('./access-deeds.js').AccessIntent
 *   | import('./place-deeds.js').PlaceIntent | import('./optics-deeds.js').OpticsIntent
 *   | import('./upkeep-deeds.js').UpkeepIntent | import('./message-deeds.js').MessageIntent
 *   | import('./overlay-state.js').OverlayIntent | import('./view-deeds.js').ViewIntent
 *   | import('./about-deeds.js').AboutIntent | import('./watch-deeds.js').WatchIntent} Intent
 */

/**
 * What deeds are made of. `attempt` sends a request and shows a refusal: it resolves to whether it was carried out, and
 * never rejects; `tell` shows a problem. `frames` are told of every frame; `subscribe` tells the server anew what this
 * viewer wants to be sent.
 *
 * @typedef {(...call: Parameters<typeof import('./http.js').request>) => Promise<boolean>} Attempt
 * @typedef {{socket: any, store: import('./store.js').Store, request: typeof import('./http.js').request,
 *   attempt: Attempt, tell: (problem: unknown) => void, frames: Watchers<[any, ArrayBuffer]>,
 *   act: (intent: Intent) => void, subscribe: () => void}} Context `act` is for what one area has another do
 * @typedef {Record<string, (intent: any) => void>} Deeds by the intent's type
 */

const FRAME_TOLD_EVERY_MS = 500;
const CLOCK_TIMEOUT_MS = 5000;

export class Microscope {
  /** Told of every frame. @type {(metadata: any, jpeg: ArrayBuffer) => void} */
  onframe = () => {};
  #visible = true;
  #frameToldAt = -Infinity;
  #socket;
  #store;
  #request;
  /** @type {Watchers<[any, ArrayBuffer]>} */
  #frames = new Watchers();
  /** @type {Deeds} */
  #deeds = {};
  /** @type {Context} */
  #context;

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
    this.#listen();
    this.#context = {
      socket,
      store,
      request,
      attempt: this.#attempt.bind(this),
      tell: this.#tell.bind(this),
      frames: this.#frames,
      act: this.act.bind(this),
      subscribe: this.#subscribe.bind(this),
    };
    // Those that what comes first asks for; the others are learnt.
    this.learn([stageDeeds, accessDeeds, messageDeeds, viewDeeds]);
  }

  /** Be able to do more. @param {((context: Context) => Deeds)[]} tables */
  learn(tables) {
    for (const deeds of tables) Object.assign(this.#deeds, deeds(this.#context));
  }

  /** Do what the user wants. Throws where nothing is known by that name. @param {Intent} intent */
  act(intent) {
    const deed = this.#deeds[intent.type];
    if (!deed) throw new Error(`nothing is known of the intent ${intent.type}`);
    deed(intent);
  }

  /** Say whether the picture can be seen: a hidden one takes no frames and holds no button. */
  show(/** @type {boolean} */ visible) {
    this.#visible = visible;
    if (!visible) this.act({ type: 'stage-release' });
    if (this.#socket.connected) this.#subscribe();
  }

  /** Say what this viewer wants to be sent: a hidden one nothing. */
  #subscribe() {
    if (!this.#visible) this.#socket.emit('unsubscribe');
    else this.#socket.emit('subscribe', 'live', { size: this.#store.state.local.camera.size });
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
      dispatch({ type: 'control-viewer', viewer: this.#socket.id });
      // A new viewer is in the stream by default, in a size that suits its link.
      if (!this.#visible || this.#store.state.local.camera.size !== 'auto') this.#subscribe();
    });
    this.#socket.on('disconnect', (/** @type {string} */ reason) => {
      this.clock.stop();
      this.act({ type: 'stage-release' });
      dispatch({ type: 'connection', connection: 'reconnecting' });
      // The client takes a goodbye for final; this server says it as it restarts.
      if (reason === 'io server disconnect') this.#socket.connect();
    });
    this.#socket.on('connect_error', () => {
      // One that was there is being waited for; one that never was may be switched off.
      const known = this.#store.state.connection === 'reconnecting';
      if (!known) dispatch({ type: 'connection', connection: 'unreachable' });
    });
    this.#socket.on('state', (/** @type {string} */ text) => dispatch({ type: 'state', state: JSON.parse(text) }));
    this.#socket.on('signal', (/** @type {string} */ text) => dispatch({ type: 'signal', ...JSON.parse(text) }));
    this.#socket.on('frame', (/** @type {[any, ArrayBuffer]} */ [metadata, jpeg]) => {
      // The view comes last: it may give the picture away.
      this.#frames.tell(metadata, jpeg);
      this.onframe(metadata, jpeg);
      this.#tellFrame(metadata);
    });
  }

  /** What the newest frames were taken with is told now and then, not with each. */
  #tellFrame(/** @type {any} */ frame) {
    const now = performance.now();
    if (now - this.#frameToldAt < FRAME_TOLD_EVERY_MS) return;
    this.#frameToldAt = now;
    this.#store.dispatch({ type: 'frame', frame });
  }

  /** @type {Attempt} */
  async #attempt(...call) {
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
