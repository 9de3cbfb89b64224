import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { FITTED, WHOLE, fitted } from '../../app/page/field-view.js';
import { PATIENCE_MS, REST_MS, ViewKeeper } from '../../app/page/view-keeper.js';

const info = { sensor_width: 3280, sensor_height: 2464, stream_width: 1280, stream_height: 720, zoom: { minimum: 0.05 } };
const PART = { x: 0.5, y: 0.25, size: 0.5 };

let asked;
let keeper;

const picture = (zoom = WHOLE) => ({ width: 1280, height: 720, zoom });

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  asked = [];
  keeper = new ViewKeeper(() => {}, (region) => asked.push(region));
  keeper.resize(800, 450);
  keeper.camera = info;
  keeper.shows(picture());
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const rest = () => mock.timers.tick(REST_MS);

test('the camera is asked once the view rests, for what is seen', () => {
  for (let i = 0; i < 10; i += 1) {
    keeper.zoom(1.1);
    mock.timers.tick(REST_MS / 2);
  }
  assert.equal(asked.length, 0);
  rest();
  assert.equal(asked.length, 1);
  assert.ok(asked[0].size < 0.5 && asked[0].size > 1 / 1.1 ** 10);
});

test('a picture of the region that was asked for does not move the view, nor does an older one', () => {
  keeper.zoom(2.2);
  rest();
  const { view } = keeper;
  keeper.shows(picture());
  keeper.shows(picture(asked[0]));
  assert.deepEqual(keeper.view, view);
  assert.deepEqual(keeper.region, asked[0]);
  rest();
  assert.equal(asked.length, 1);
});

test('a view that nobody moved follows the camera, and asks for nothing', () => {
  assert.ok(keeper.fits);
  keeper.shows(picture(PART));
  assert.deepEqual(keeper.view, fitted(PART));
  keeper.shows(picture());
  assert.deepEqual(keeper.view, FITTED);
  rest();
  assert.deepEqual(asked, []);
});

test('a view of the user\'s own stays where it is when others move the camera', () => {
  keeper.zoom(1.1);
  rest();
  const { view } = keeper;
  keeper.shows(picture(PART));
  rest();
  assert.deepEqual(keeper.view, view);
  assert.deepEqual(asked, []);
});

test('to fit is to ask for the whole field, at once, and pictures that were on the way change nothing', () => {
  keeper.zoom(2.2);
  rest();
  keeper.fit();
  assert.deepEqual(asked[1], WHOLE);
  keeper.shows(picture(asked[0]));
  assert.deepEqual(keeper.view, FITTED);
  keeper.shows(picture());
  assert.deepEqual([keeper.view, keeper.fits], [FITTED, true]);
});

test('who may not ask zooms here, and fits what the camera shows', () => {
  keeper.camera = null;
  keeper.shows(picture(PART));
  keeper.zoom(3);
  rest();
  assert.ok(keeper.view.scale > 5);
  keeper.fit();
  assert.deepEqual(keeper.view, fitted(PART));
  assert.deepEqual(asked, []);
});

test('a camera that does not follow is asked again at the next move', () => {
  const now = mock.method(performance, 'now', () => 0);
  keeper.zoom(2.2);
  rest();
  keeper.pan(1, 1);
  rest();
  assert.equal(asked.length, 1);
  now.mock.mockImplementation(() => PATIENCE_MS);
  keeper.pan(1, 1);
  rest();
  assert.equal(asked.length, 2);
});

test('a pane of no size is none, a smaller picture is of the same form', () => {
  const { pane } = keeper;
  keeper.resize(0, 0);
  keeper.shows({ width: 639, height: 360, zoom: WHOLE });
  assert.deepEqual(keeper.pane, pane);
  keeper.shows({ width: 640, height: 480, zoom: WHOLE });
  assert.equal(keeper.pane.aspect, 4 / 3);
});
