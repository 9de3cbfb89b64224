import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { FocusTrace, SPAN_MS } from '../../app/page/focus-trace.js';

let trace;
let atMs;

beforeEach(() => {
  trace = new FocusTrace();
  atMs = 0;
});

/** Turn the focus from one height to another; the specimen is sharp at z = 10. */
function turn(from_um, to_um, { x_um = 0, zoom = { x: 0, y: 0, size: 1 }, steps = 20 } = {}) {
  for (let n = 0; n <= steps; n += 1) {
    const z_um = from_um + (n * (to_um - from_um)) / (steps || 1);
    add({ focus_score: 15 / (1 + ((z_um - 10) / 8) ** 2), position: { x_um, y_um: 0, z_um }, zoom });
  }
}

function add(metadata) {
  trace.add(metadata, (atMs += 50));
}

test('towards focus it is sharper, beyond it blurrier, and back at the best the sharpest', () => {
  turn(-40, 0);
  assert.equal(trace.trend, 'sharper');
  assert.equal(trace.part, 1);
  turn(0, 30);
  assert.equal(trace.trend, 'blurrier');
  assert.equal(trace.best.z_um, 10.5);
  assert.ok(trace.part < 0.2);
  turn(30, 10.5);
  assert.equal(trace.trend, 'sharpest');
});

test('who only came nearer is not told that it is the sharpest', () => {
  turn(-40, 0);
  for (let n = 0; n < 60; n += 1) turn(0, 0, { steps: 0 });
  assert.equal(trace.part, 1);
  assert.equal(trace.trend, 'still');
});

test('the best outlives the trace, and is forgotten at another place, in another view, or when told so', () => {
  turn(-10, 30);
  for (let n = 0; n < 1.5 * (SPAN_MS / 50); n += 1) turn(30, 30, { steps: 0 });
  assert.ok(trace.samples.length <= SPAN_MS / 50);
  assert.equal(trace.best.z_um, 10);
  turn(30, 30, { x_um: 15 });
  assert.equal(trace.best.z_um, 10, 'a nudge is no other place');
  turn(30, 30, { x_um: 60 });
  assert.equal(trace.best.z_um, 30);
  turn(10, 30, { x_um: 60 });
  turn(30, 30, { x_um: 60, zoom: { x: 0.2, y: 0.2, size: 0.5 } });
  assert.equal(trace.best.z_um, 30);
  turn(20, 30, { x_um: 60, zoom: { x: 0.2, y: 0.2, size: 0.5 } });
  trace.forget();
  assert.equal(trace.best, null);
  assert.equal(trace.part, null);
});

test('a dark picture, and a microscope without a stage, are none of its troubles', () => {
  add({ focus_score: null, position: null });
  assert.equal(trace.now, null);
  assert.equal(trace.trend, 'still');
  add({ focus_score: 3, position: null });
  add({ focus_score: 5, position: null });
  add({ focus_score: 4, position: null });
  assert.equal(trace.best.score, 5);
  assert.equal(trace.part, 0.8);
  assert.equal(trace.trend, 'still');
});
