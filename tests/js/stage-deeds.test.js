import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Problem } from '../../app/page/problems.js';
import { placeDeeds } from '../../app/page/place-deeds.js';
import { stageDeeds } from '../../app/page/stage-deeds.js';
import { chosenStep, fullSpeed, steps } from '../../app/page/stage-pace.js';
import { Store } from '../../app/page/store.js';

const axis = (um_per_step = 0.5) => ({
  limits_um: { minimum: -1000, maximum: 1000 },
  um_per_step,
  max_speed_um_per_s: 500,
  can_home: true,
  position_trusted: true,
});
const SERVED = {
  stage: { status: 'ready', position: { x_um: 1, y_um: 2, z_um: 3 }, axes: { x: axis(), y: axis(), z: axis(0.1) } },
  optics: {
    objective: 'a',
    objectives: [{ id: 'a', um_per_px: 1, steps_um: { xy: [0.1, 2, 20, 2000], z: [0.01, 0.05, 1] } }],
  },
};

let store;
let deeds;
let places;
let socket;
let asked;
let answer;

const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  store = new Store();
  store.dispatch({ type: 'state', state: SERVED });
  asked = [];
  answer = async () => null;
  const request = (...call) => {
    asked.push(call.slice(0, 3));
    return answer();
  };
  const attempt = async (...call) => {
    try {
      await request(...call);
      return true;
    } catch {
      return false;
    }
  };
  socket = {
    connected: true,
    answer: async () => ({ ok: true }),
    stopped: async () => ({ ok: true }),
    timeout: () => ({
      emitWithAck: (event, distance) => {
        asked.push(event === 'stop' ? ['stop'] : [event, distance]);
        return event === 'stop' ? socket.stopped() : socket.answer();
      },
    }),
  };
  deeds = stageDeeds({ socket, store, request, attempt });
  places = placeDeeds({ store, attempt });
});

test('a jog goes by the socket, and what is refused is kept until something is obeyed', async () => {
  socket.answer = async () => ({ ok: false, error: 'no', code: 'device-busy' });
  deeds['stage-jog']({ distance: { x_um: 5 } });
  await settle();
  assert.deepEqual(asked, [['jog', { x_um: 5 }]]);
  assert.match(store.state.local.stage.refusal.text, /moving already/);
  const { id } = store.state.local.stage.refusal;
  deeds['stage-jog']({ distance: { x_um: 5 } });
  await settle();
  assert.equal(store.state.local.stage.refusal.id, id + 1);
  socket.answer = async () => ({ ok: true });
  deeds['stage-jog']({ distance: { x_um: 5 } });
  await settle();
  assert.equal(store.state.local.stage.refusal, null);
  deeds['stage-release']({});
});

test('without an answer it says so, without a connection nothing is sent', async () => {
  socket.answer = async () => Promise.reject(new Error('operation has timed out'));
  deeds['stage-nudge']({ distance: { z_um: 5 }, by: 'wheel' });
  await settle();
  assert.match(store.state.local.stage.refusal.text, /does not answer/);
  socket.connected = false;
  deeds['stage-nudge']({ distance: { z_um: -5 }, by: 'wheel' });
  await settle();
  assert.equal(asked.length, 1);
});

const stops = () => asked.filter(([event]) => event === 'stop').length;
const REQUEST = ['POST', '/api/stage/stop', undefined];

test('a stop stops what is held, and more than that', async () => {
  deeds['stage-stop']();
  await settle();
  assert.deepEqual(asked, [['stop']]);
  deeds['stage-steer']({ speed: { x_um: 100 }, by: 'stick' });
  await settle();
  deeds['stage-stop']();
  await settle();
  assert.equal(stops(), 3);
});

test('a stop comes before what is wanted next, and no copy of it after', async () => {
  socket.answer = () => new Promise((resolve) => setImmediate(resolve, { ok: true }));
  deeds['stage-nudge']({ distance: { z_um: 5 }, by: 'wheel' });
  deeds['stage-stop']();
  deeds['stage-jog']({ distance: { x_um: 5 } });
  await settle();
  await settle();
  assert.deepEqual(
    asked.map(([event]) => event),
    ['jog', 'stop', 'stop', 'jog'],
  );
  deeds['stage-release']({});
});

test('a stop goes as a request where the socket does not carry it, or the page is hidden', async (t) => {
  socket.stopped = async () => Promise.reject(new Error('operation has timed out'));
  deeds['stage-stop']();
  await settle();
  assert.deepEqual(asked.splice(0), [['stop'], REQUEST]);
  socket.connected = false;
  deeds['stage-stop']();
  assert.deepEqual(asked.splice(0), [REQUEST]);
  socket.connected = true;
  globalThis.document = { hidden: true };
  t.after(() => delete globalThis.document);
  deeds['stage-stop']();
  assert.deepEqual(asked.splice(0), [REQUEST]);
});

test('a hold in which it is stopped moves nothing more until it is let go itself', async () => {
  const pushes = () => asked.filter(([event]) => event === 'jog').length;
  deeds['stage-steer']({ speed: { x_um: 100 }, by: 'stick' });
  deeds['stage-stop']();
  await settle();
  const before = pushes();
  deeds['stage-release']({});
  deeds['stage-release']({ by: 'wheel' });
  deeds['stage-steer']({ speed: { x_um: 90 }, by: 'stick' });
  await settle();
  assert.equal(pushes(), before);
  deeds['stage-nudge']({ distance: { z_um: 5 }, by: 'wheel' });
  await settle();
  assert.equal(pushes(), before + 1, 'what was not held then');
  deeds['stage-release']({ by: 'wheel' });
  deeds['stage-release']({ by: 'stick' });
  deeds['stage-steer']({ speed: { x_um: 90 }, by: 'stick' });
  await settle();
  assert.equal(pushes(), before + 2);
  deeds['stage-release']({ by: 'stick' });
});

test('a stop that may have overtaken a push is sent once more after it', async () => {
  socket.stopped = async () => ({ ok: false });
  let arrive;
  socket.answer = () => new Promise((resolve) => (arrive = resolve));
  deeds['stage-nudge']({ distance: { z_um: 5 }, by: 'wheel' });
  deeds['stage-stop']();
  await settle();
  const before = stops();
  arrive({ ok: true });
  await settle();
  assert.equal(stops(), before + 1);
});

test('where it goes is shown until it is there', async () => {
  let arrive;
  answer = () => new Promise((resolve) => (arrive = resolve));
  deeds['stage-go']({ place: { x_um: 40 } });
  assert.deepEqual(store.state.local.stage.target, { x_um: 40, y_um: 2 });
  assert.deepEqual(asked, [['POST', '/api/stage/move', { x_um: 40 }]]);
  arrive(null);
  await settle();
  assert.equal(store.state.local.stage.target, null);
});

test('a second place that is refused leaves the first one shown', async () => {
  let arrive;
  answer = () => new Promise((resolve) => (arrive = resolve));
  deeds['stage-go']({ place: { x_um: 40 } });
  const first = arrive;
  answer = () => Promise.reject(new Problem('no', 'device-busy'));
  deeds['stage-go']({ place: { x_um: 70 } });
  assert.equal(store.state.local.stage.target.x_um, 70);
  await settle();
  assert.equal(store.state.local.stage.target.x_um, 40);
  first(null);
  await settle();
  assert.equal(store.state.local.stage.target, null);
});

test('a place is not gone to while the position is uncertain; that can be mended', async () => {
  const doubtful = { ...SERVED.stage, axes: { ...SERVED.stage.axes, x: { ...axis(), position_trusted: false } } };
  store.dispatch({ type: 'signal', name: 'stage_changed', args: { p0: doubtful } });
  deeds['stage-go-named']({ id: 'b', place: { x_um: 1 } });
  await settle();
  assert.deepEqual(asked, []);
  assert.match(store.state.local.stage.refusal.text, /uncertain/);
  deeds['stage-trust']({ place: { x_um: 1 } });
  deeds['stage-go-named']({ id: 'b', place: { z_um: 1 } });
  await settle();
  assert.deepEqual(asked, [
    ['POST', '/api/stage/set-position', { x_um: 1 }],
    ['POST', '/api/places/b/go', {}],
  ]);
});

test('a motion that is refused says why', async () => {
  answer = () => Promise.reject(new Problem('no', 'device-stopped', { ended_by: 'a stop' }));
  deeds['stage-home']({ axes: ['z'] });
  await settle();
  assert.match(store.state.local.stage.refusal.text, /ended by a stop/);
});

test('steps are those of the objective, none smaller than the motors make', () => {
  assert.deepEqual(steps(store.state, 'xy'), [0.5, 2, 20, 2000]);
  assert.deepEqual(steps(store.state, 'z'), [0.1, 1]);
  assert.equal(chosenStep(store.state, 'xy'), 20);
  deeds['stage-step']({ axis: 'z', rank: 5 });
  assert.equal(chosenStep(store.state, 'z'), 1);
  assert.deepEqual([fullSpeed(store.state, 'xy'), fullSpeed(store.state, 'z')], [500, 1]);
});

test('a place that was deleted can be had back', async () => {
  const place = { id: 'b', name: 'Gland', position: { x_um: 1 } };
  await places['place-delete']({ place });
  assert.equal(store.state.local.places.deleted, place);
  await places['place-undo']({ place });
  assert.equal(store.state.local.places.deleted, null);
  assert.deepEqual(asked[1], ['POST', '/api/places', { name: 'Gland', position: { x_um: 1 } }]);
  answer = () => Promise.reject(new Error('no'));
  await places['place-delete']({ place });
  assert.equal(store.state.local.places.deleted, null);
});
