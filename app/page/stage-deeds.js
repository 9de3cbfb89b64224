/** What the stage is asked to do. */

import { Hand } from './hand.js';
import { Jogger } from './jogger.js';
import { Problem, problemOf } from './problems.js';
import { refusalOf, uncertain } from './refusals.js';
import { leastDistances } from './stage-pace.js';
import { t } from './text.js';

/** As long as the server waits for a motion. */
const MOTION_MS = 900_000;
const PUSH_TIMEOUT_MS = 3000;
/** After this a stop is sent again, another way. */
const STOP_TIMEOUT_MS = 400;

/**
 * @typedef {import('./jogger.js').Distance} Distance
 * @typedef {import('./trail.js').Spot} Spot
 * @typedef {'stick' | 'wheel' | 'gamepad'} Holder what is held to push the stage about
 * @typedef {{type: 'stage-jog', distance: Distance} | {type: 'stage-steer', speed: Distance, by: Holder}
 *   | {type: 'stage-nudge', distance: Distance, by: Holder} | {type: 'stage-release', by?: Holder}
 *   | {type: 'stage-stop'} | {type: 'stage-home', axes: string[]}
 *   | {type: 'stage-go', place: Distance} | {type: 'stage-go-named', id: string, place: Distance}
 *   | {type: 'stage-trust', place: Distance}
 *   | {type: 'stage-step', axis: 'xy' | 'z', rank: number}
 *   | {type: 'stage-refusal-read'}} StageIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function stageDeeds({ socket, store, request, attempt }) {
  const obeyed = () => store.dispatch({ type: 'stage-obeyed' });
  const refuse = (/** @type {unknown} */ problem, /** @type {Distance} */ wanted = {}) =>
    store.dispatch({ type: 'stage-refused', refusal: refusalOf(problem, store.state, wanted) });

  /** By the socket: the server stops what it pushes when its viewer is gone. @param {Distance} distance */
  async function push(distance) {
    if (!socket.connected) return false;
    try {
      const { ok, error, code, ...facts } = await socket.timeout(PUSH_TIMEOUT_MS).emitWithAck('jog', distance);
      if (!ok) throw problemOf(code, { ...facts, detail: error }, error);
      obeyed();
      return true;
    } catch (problem) {
      refuse(problem instanceof Problem ? problem : new Problem(t('connection.late')), distance);
      return false;
    }
  }

  /** A request for a motion, answered when it has ended. @returns {Promise<void>} */
  async function motion(/** @type {string} */ path, /** @type {object} */ body, /** @type {Distance} */ wanted = {}) {
    obeyed();
    try {
      await request('POST', path, body, { timeout_ms: MOTION_MS });
    } catch (problem) {
      refuse(problem, wanted);
    }
  }

  /** Where it is being sent to, the newest last: one that is refused leaves that before. @type {(Spot | null)[]} */
  const targets = [];
  const showTarget = () => store.dispatch({ type: 'stage-target', target: targets.at(-1) ?? null });

  /** Go to a place, if it is known where that is. @param {Distance} place @param {() => Promise<void>} going */
  async function go(place, going) {
    const doubt = uncertain(store.state, place);
    if (doubt) return store.dispatch({ type: 'stage-refused', refusal: doubt });
    const { x_um, y_um } = { ...store.state.stage?.position, ...place };
    const target = x_um === undefined || y_um === undefined ? null : { x_um, y_um };
    targets.push(target);
    showTarget();
    await going();
    targets.splice(targets.indexOf(target), 1);
    showTarget();
  }

  let left = false;
  globalThis.addEventListener?.('pagehide', () => (left = true));
  globalThis.addEventListener?.('pageshow', () => (left = false));

  /**
   * By the socket it waits for no other request, and comes before what is wanted next; not so by a request, which is for
   * where nothing comes by the socket: without a connection or an answer, or as the page is hidden or left.
   *
   * @returns {Promise<boolean>} whether it came after all that was pushed before
   */
  async function halt() {
    if (socket.connected && !left && !globalThis.document?.hidden) {
      const answer = await socket.timeout(STOP_TIMEOUT_MS).emitWithAck('stop').catch(() => null);
      if (answer?.ok) return true;
    }
    await attempt('POST', '/api/stage/stop', undefined, { keepalive: true });
    return false;
  }
  const jogger = new Jogger(push, halt);
  const hand = new Hand(push, halt, () => leastDistances(store.state));
  /** What is held, and whether it moves the stage: not after a stop in its midst, before it is let go. @type {Map<Holder, boolean>} */
  const held = new Map();
  const moves = (/** @type {Holder} */ by) => held.get(by) ?? Boolean(held.set(by, true));
  return {
    'stage-jog': ({ distance }) => jogger.press(distance),
    'stage-steer': ({ speed, by }) => moves(by) && hand.steer(speed),
    'stage-nudge': ({ distance, by }) => moves(by) && hand.nudge(distance),
    'stage-release': ({ by }) => {
      held.delete(by);
      jogger.release();
      hand.release();
    },
    'stage-stop': () => {
      for (const by of held.keys()) held.set(by, false);
      void jogger.stop();
      if (hand.holds) void hand.stop();
    },
    'stage-home': ({ axes }) => void motion('/api/stage/home', { axes }),
    'stage-go': ({ place }) => void go(place, () => motion('/api/stage/move', place, place)),
    'stage-go-named': ({ id, place }) => void go(place, () => motion(`/api/places/${id}/go`, {}, place)),
    'stage-trust': ({ place }) => void motion('/api/stage/set-position', place, place),
    'stage-step': ({ axis, rank }) => store.dispatch({ type: 'stage-step', axis, rank }),
    'stage-refusal-read': obeyed,
  };
}
