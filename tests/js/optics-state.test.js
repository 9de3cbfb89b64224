import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  INITIAL,
  objectiveInPlace,
  reduce,
  stageFromPicture,
  stepsOf,
  umPerPicturePx,
} from '../../app/page/optics-state.js';

const TEN = { id: '10x', name: '10x', um_per_px: 0.1, steps_um: { xy: [5, 50], z: [2, 20] } };
const FORTY = { id: '40x', name: '40x', um_per_px: null, steps_um: { xy: [1], z: [0.5] } };
const optics = { objectives: [TEN, FORTY], objective: '10x' };
// The stream fills the sensor's width and leaves a strip above and below.
const info = { sensor_width: 3280, sensor_height: 2464, stream_width: 1280, stream_height: 720 };
const state = { optics, camera: { info } };
const whole = { width: 1280, zoom: { x: 0, y: 0, size: 1 } };

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test('the section comes with the state and with its own signal', () => {
  assert.equal(reduce(INITIAL, { type: 'state', state: { optics } }), optics);
  assert.equal(reduce(INITIAL, { type: 'signal', name: 'optics_changed', args: { p0: optics } }), optics);
  assert.equal(reduce(optics, { type: 'signal', name: 'light_changed', args: { p0: {} } }), optics);
  assert.equal(reduce(optics, { type: 'dismiss' }), optics);
});

test('the objective in place is the one that is named', () => {
  assert.equal(objectiveInPlace(optics), TEN);
  assert.equal(objectiveInPlace({ ...optics, objective: null }), null);
  assert.equal(objectiveInPlace({ ...optics, objective: 'gone' }), null);
});

test('steps follow the objective, and there are some without one', () => {
  assert.deepEqual(stepsOf(optics).z, [2, 20]);
  assert.ok(stepsOf(INITIAL).xy.length > 1);
});

test('a pixel of the stream is several of the sensor', () => {
  near(umPerPicturePx(state, whole), 0.1 * (3280 / 1280));
});

test('a stream that fills the height leaves strips at the sides', () => {
  const square = { ...info, stream_width: 800, stream_height: 800 };
  near(umPerPicturePx({ optics, camera: { info: square } }, { width: 800 }), 0.1 * (2464 / 800));
});

test('half the size is twice the pixel, half the field is half of it', () => {
  const um = umPerPicturePx(state, whole);
  near(umPerPicturePx(state, { ...whole, width: 640 }), 2 * um);
  near(umPerPicturePx(state, { ...whole, zoom: { x: 0.3, y: 0.1, size: 0.5 } }), um / 2);
});

test('what is not known is null', () => {
  assert.equal(umPerPicturePx({ ...state, optics: { ...optics, objective: '40x' } }, whole), null);
  assert.equal(umPerPicturePx({ ...state, optics: INITIAL }, whole), null);
  assert.equal(umPerPicturePx({ ...state, camera: null }, whole), null);
  assert.equal(umPerPicturePx({ ...state, camera: { info: null } }, whole), null);
  assert.equal(umPerPicturePx(state, null), null);
  assert.equal(stageFromPicture(state, null, 1, 1), null);
});

test('right and down in the picture is a growing x and y of the stage', () => {
  const { x_um, y_um } = stageFromPicture(state, whole, 100, -40);
  near(x_um, 100 * 0.1 * (3280 / 1280));
  near(y_um, -40 * 0.1 * (3280 / 1280));
});
