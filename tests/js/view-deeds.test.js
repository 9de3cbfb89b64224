import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { overlayDeeds } from '../../app/page/overlay-deeds.js';
import { viewDeeds } from '../../app/page/view-deeds.js';
import { zoomableCamera } from '../../app/page/view-state.js';

const limits_um = { minimum: -100, maximum: 100 };
const stage = { status: 'ready', axes: { x: { limits_um }, y: { limits_um } } };
const info = { zoom: { minimum: 0.1 } };
const camera = { status: 'ready', info };

let asked;
let context;
let told;

beforeEach(() => {
  [asked, told] = [[], []];
  context = {
    store: { state: { connection: 'connected', stage, camera }, dispatch: (happening) => told.push(happening) },
    request: async (...call) => void asked.push(call),
    act: ({ type, place }) => asked.push([type, '/api/stage/move', place]),
    tell: (problem) => told.push(problem.message),
  };
});

test('a point is brought to the middle as far as the limits allow, and it is said where they do not', () => {
  const deeds = viewDeeds(context);
  deeds['stage-centre']({ target: { x_um: 30, y_um: -40 } });
  assert.deepEqual(asked[0].slice(1, 3), ['/api/stage/move', { x_um: 30, y_um: -40 }]);
  assert.deepEqual(told, []);
  deeds['stage-centre']({ target: { x_um: 130, y_um: -40 } });
  assert.deepEqual(asked[1][2], { x_um: 100, y_um: -40 });
  assert.match(told[0], /limits/);
});

test('an axis that there is not is not moved; without a scale or a stage nothing is, and that is said', () => {
  context.store.state = { ...context.store.state, stage: { ...stage, axes: { y: stage.axes.y } } };
  viewDeeds(context)['stage-centre']({ target: { x_um: 30, y_um: -40 } });
  assert.deepEqual(asked[0][2], { y_um: -40 });
  viewDeeds(context)['stage-centre']({ target: null });
  context.store.state = { ...context.store.state, stage: { ...stage, status: 'absent' } };
  viewDeeds(context)['stage-centre']({ target: { x_um: 30, y_um: -40 } });
  assert.equal(asked.length, 1);
  assert.match(told[0], /how large a pixel is/);
  assert.match(told[1], /no stage/);
});

test('the camera is asked for a region, and a refusal is told', async () => {
  const region = { x: 0, y: 0, size: 0.5 };
  viewDeeds(context)['camera-zoom']({ zoom: region });
  assert.deepEqual(asked, [['PATCH', '/api/camera', { zoom: region }]]);
  context.request = async () => {
    throw new Error('somebody else drives');
  };
  viewDeeds(context)['camera-zoom']({ zoom: region });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, ['somebody else drives']);
});

test('only who may drive asks, and only a camera that can', () => {
  const state = context.store.state;
  assert.equal(zoomableCamera(state), info);
  assert.equal(zoomableCamera({ ...state, access: { role: 'viewer' } }), null);
  assert.equal(zoomableCamera({ ...state, camera: { ...camera, info: { zoom: null } } }), null);
  assert.equal(zoomableCamera({ ...state, connection: 'reconnecting' }), null);
});

test('the overlay stays in the page', () => {
  const intent = { type: 'overlay-delete', id: 3 };
  context.store.state = { local: { overlay: {} } };
  overlayDeeds(context)['overlay-delete'](intent);
  assert.deepEqual([told, asked], [[intent], []]);
});
