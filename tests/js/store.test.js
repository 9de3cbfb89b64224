import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answerMs, shownCamera } from '../../app/page/camera-state.js';
import { shownLight } from '../../app/page/lamp-state.js';
import { INITIAL, Store, faults, reduce, statusText, usable } from '../../app/page/store.js';

const RANGE = { minimum: 0, maximum: 1 };
const SERVED = {
  server: { version: '1', started_at: 0, simulated: [] },
  camera: {
    status: 'ready',
    info: { model: 'test', simulated: false, exposure_us: RANGE, gain: RANGE, auto_exposure: true },
    settings: { exposure_us: 10_000, gain: 1, auto_exposure: false, jpeg_quality: 80 },
    fault: null,
  },
  stage: {
    status: 'ready',
    position: { x_um: 0, y_um: 0, z_um: 0 },
    axes: {},
    simulated: false,
    position_trusted: true,
    fault: null,
  },
  light: { status: 'ready', on: true, brightness: 0.5, simulated: false, fault: null },
};

/** The state after a connection and what happened since. */
function after(...happenings) {
  return [{ type: 'state', state: SERVED }, ...happenings].reduce(reduce, INITIAL);
}

function signal(name, ...values) {
  return { type: 'signal', name, args: Object.fromEntries(values.map((value, n) => [`p${n}`, value])) };
}

test('the server state connects and replaces every section', () => {
  const state = after(signal('light_changed', { ...SERVED.light, on: false }), { type: 'state', state: SERVED });
  assert.equal(state.connection, 'connected');
  assert.deepEqual(state.light, SERVED.light);
});

test('a section signal replaces its section alone', () => {
  for (const device of ['camera', 'stage', 'light']) {
    const changed = { ...SERVED[device], status: 'fault' };
    const state = after(signal(`${device}_changed`, changed));
    assert.deepEqual({ ...state, [device]: SERVED[device] }, after());
    assert.equal(state[device], changed);
  }
});

test('a position moves the stage and keeps the rest of it', () => {
  const position = { x_um: 1, y_um: 2, z_um: 3 };
  assert.deepEqual(after(signal('position_changed', position)).stage, { ...SERVED.stage, position });
});

test('a position before the first state, and a signal of a newer server, change nothing', () => {
  assert.equal(reduce(INITIAL, signal('position_changed', { x_um: 1 })), INITIAL);
  const state = after();
  assert.equal(reduce(state, signal('laser_changed', {})), state);
});

test('neither the state nor what happened is changed', () => {
  const state = structuredClone(after());
  const before = structuredClone(state);
  reduce(state, { type: 'lamp-wanted', change: { on: false } });
  reduce(state, { type: 'message', text: 'no' });
  reduce(state, { type: 'still-ended', image: { id: 'a' } });
  assert.deepEqual(state, before);
});

test('what is wanted is shown until the server settles it', () => {
  const lit = (brightness, on = true) => ({ id: 'lamp', name: 'Lamp', colour: '#ffffff', on, brightness });
  const wanted = after(
    { type: 'lamp-wanted', change: { channels: { lamp: { brightness: 0.9 } } } },
    { type: 'lamp-wanted', change: { on: false } },
    signal('light_changed', { ...SERVED.light, channels: [lit(0.7), { ...lit(0.1), id: 'red' }] }),
  );
  assert.deepEqual(shownLight(wanted).channels.map(({ brightness }) => brightness), [0.9, 0.1]);
  assert.equal(shownLight(wanted).on, false);

  const settled = [
    { type: 'section', name: 'light', section: { ...SERVED.light, channels: [lit(0.88)] } },
    { type: 'lamp-settled' },
  ].reduce(reduce, wanted);
  assert.deepEqual(shownLight(settled), { on: true, channels: [lit(0.88)] });
});

test('an answer that comes after a newer signal does not undo it', () => {
  const camera = (revision, gain) => ({ ...SERVED.camera, revision, settings: { ...SERVED.camera.settings, gain } });
  const state = after(
    { type: 'camera-wanted', change: { gain: 2 } },
    signal('camera_changed', camera(8, 3)),
    { type: 'section', name: 'camera', section: camera(7, 2) },
    { type: 'camera-settled' },
  );
  assert.equal(shownCamera(state).gain, 3);
  assert.equal(reduce(state, signal('camera_changed', camera(6, 1))).camera.revision, 8);
  const anew = reduce(state, { type: 'state', state: { ...SERVED, camera: camera(1, 5) } });
  assert.equal(shownCamera(anew).gain, 5, 'a server that has started anew counts anew');
});

test('what was refused falls back to what is in force', () => {
  const state = after(
    { type: 'camera-wanted', change: { gain: 9 } },
    { type: 'camera-settled' },
  );
  assert.equal(shownCamera(state).gain, 1);
});

test('on automatic the camera shows what the frames were taken with', () => {
  const told = { exposure_us: 1234, gain: 2.5, red_gain: 1.8, blue_gain: 2.1 };
  const measured = { type: 'frame', frame: told };
  assert.equal(shownCamera(after(measured)).exposure_us, 10_000);
  const state = after(measured, { type: 'camera-wanted', change: { auto_exposure: true } });
  assert.deepEqual([shownCamera(state).exposure_us, shownCamera(state).gain], [1234, 2.5]);
  assert.equal(shownCamera(state).red_gain, undefined);
  const balanced = after(measured, { type: 'camera-wanted', change: { auto_white_balance: true } });
  assert.deepEqual([shownCamera(balanced).red_gain, shownCamera(balanced).blue_gain], [1.8, 2.1]);
  assert.equal(shownCamera(balanced).exposure_us, 10_000);
  const unknown = reduce(state, { type: 'frame', frame: { exposure_us: null } });
  assert.deepEqual([shownCamera(unknown).exposure_us, shownCamera(unknown).gain], [10_000, 1]);
});

test('a repeated message is shown once, as new; the oldest gives way', () => {
  const say = (text) => ({ type: 'message', text });
  const state = after(...['a', 'b', 'a'].map(say));
  assert.deepEqual(state.local.messages.map((message) => message.text), ['b', 'a']);
  const ids = after(...'abcdefg'.split('').map(say)).local.messages.map((message) => message.id);
  assert.deepEqual(ids, [4, 5, 6, 7]);
  assert.deepEqual(reduce(state, { type: 'dismiss', id: state.local.messages[0].id }).local.messages, [state.local.messages[1]]);
});

test('a device can be used while it works and the server is there', () => {
  const usableWith = (status) => usable(after(signal('stage_changed', { ...SERVED.stage, status })), 'stage');
  const every = ['starting', 'ready', 'busy', 'fault', 'absent', 'stopped'];
  assert.deepEqual(every.filter(usableWith), ['ready', 'busy']);
  assert.ok(!usable(after({ type: 'connection', connection: 'reconnecting' }), 'stage'));
  assert.ok(!usable(INITIAL, 'stage'));
});

test('faults are told for as long as they last', () => {
  const broken = signal('camera_changed', { ...SERVED.camera, status: 'fault', fault: 'no frames' });
  assert.deepEqual(faults(after(broken)), [{ device: 'camera', detail: 'no frames', told: 'no frames' }]);
  assert.deepEqual(faults(after(broken, signal('camera_changed', SERVED.camera))), []);
});

test('a heading says what its device is up to, and that it is not sure of its position', () => {
  assert.deepEqual(['camera', 'stage', 'light'].map((device) => statusText(after(), device)), ['', '', '']);
  const uncertain = { ...SERVED.stage, position_trusted: false };
  assert.equal(statusText(after(signal('stage_changed', uncertain)), 'stage'), 'position uncertain');
  assert.equal(statusText(after(signal('stage_changed', { ...uncertain, status: 'busy' })), 'stage'), 'moving');
  const absent = signal('light_changed', { ...SERVED.light, status: 'absent' });
  assert.equal(statusText(after(absent), 'light'), 'not installed');
});

test('how far a press goes is chosen for the plane and for the focus', () => {
  const state = after({ type: 'stage-step', axis: 'z', rank: 0 });
  assert.deepEqual(state.local.stage.rank, { xy: 2, z: 0 });
});

test('a section of a newer kind is kept as the server sends it', () => {
  assert.deepEqual(after(signal('control_changed', { holder: 'a' })).control, { holder: 'a' });
});

test('the store tells of each new state', () => {
  const store = new Store();
  const told = [];
  store.onchange = (state) => told.push(state);
  store.dispatch({ type: 'state', state: SERVED });
  assert.deepEqual(told, [store.state]);
  assert.equal(store.state.connection, 'connected');
});

test('with a rig file that is wrong, every device is said not to be driven', () => {
  const rig_errors = [{ file: 'microscope.toml', line: 3, text: 'light.pinn: unknown key' }];
  const absent = { ...SERVED.stage, status: 'absent' };
  const state = after({ type: 'state', state: { ...SERVED, stage: absent, server: { ...SERVED.server, rig_errors } } });
  assert.equal(statusText(state, 'stage'), 'not driven');
  assert.equal(statusText(after(signal('stage_changed', absent)), 'stage'), 'not installed');
});

test('long exposures are waited for, those that are asked for too', () => {
  assert.equal(answerMs(INITIAL), 20_000);
  const exposing = { ...INITIAL, camera: { ...SERVED.camera, settings: { ...SERVED.camera.settings, exposure_us: 2e6 } } };
  assert.equal(answerMs(exposing), 48_000);
  assert.equal(answerMs(exposing, 10e6), 160_000);
});
