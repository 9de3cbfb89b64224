import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Painter } from '../../app/page/painter.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

let acknowledged;
let dones;
let painted;
let closed;
let decoding;
let animations;
let painter;

function frame(id) {
  const metadata = { frame_id: id, width: 4, height: 2, captured_at: Date.now() / 1000, dropped: 0 };
  return [metadata, new ArrayBuffer(1)];
}

/** Finish the decoding that was begun first, well or badly. */
async function decoded(error) {
  const { resolve, reject } = decoding.shift();
  const bitmap = { width: 4, height: 2, close: () => closed.push(bitmap) };
  if (error) reject(error);
  else resolve(bitmap);
  await settle();
}

function nextDisplay() {
  for (const draw of animations.splice(0)) draw();
}

beforeEach(() => {
  [acknowledged, dones, painted, closed, decoding, animations] = [[], [], [], [], [], []];
  globalThis.requestAnimationFrame = (draw) => animations.push(draw);
  const decode = () => new Promise((resolve, reject) => decoding.push({ resolve, reject }));
  painter = new Painter(
    decode,
    (metadata, bitmap) => painted.push(bitmap),
    (done) => {
      dones.push(done);
      acknowledged.push(done.frameId);
    },
  );
});

afterEach(() => {
  delete globalThis.requestAnimationFrame;
});

test('a frame is acknowledged after it is painted, not before', async () => {
  painter.offer(...frame(1));
  await decoded();
  assert.deepEqual([acknowledged, painted.length], [[], 0]);
  nextDisplay();
  assert.deepEqual([acknowledged, painted.length, painter.shown.frame_id], [[1], 1, 1]);
  assert.deepEqual(closed, []); // it was handed on
});

test('it is told when a frame came in and when it was painted; what was given up was not painted', async () => {
  const beforeMs = performance.now();
  for (const id of [1, 2, 3]) painter.offer(...frame(id));
  const offeredMs = performance.now();
  await decoded();
  await decoded();
  nextDisplay();
  assert.deepEqual(dones.map((done) => 'paintedMs' in done), [false, false, true]);
  assert.ok(dones.every(({ receivedMs }) => beforeMs <= receivedMs && receivedMs <= offeredMs));
  assert.ok(offeredMs <= dones[2].paintedMs && dones[2].paintedMs <= performance.now());
  assert.equal(painter.paintedMs, dones[2].paintedMs);
});

test('of frames that wait for the decoder the newest is taken, the others are acknowledged', async () => {
  for (const id of [1, 2, 3]) painter.offer(...frame(id));
  assert.deepEqual(acknowledged, [2]);
  await decoded();
  await decoded();
  nextDisplay();
  assert.deepEqual(acknowledged, [2, 1, 3]);
  assert.equal(painter.shown.frame_id, 3);
  assert.equal(painter.superseded, 2);
  assert.equal(painted.length, 1);
  assert.equal(closed.length, 1);
});

test('a corrupt picture is acknowledged and counted, and the next one is painted', async () => {
  painter.offer(...frame(1));
  painter.offer(...frame(2));
  await decoded(new Error('no JPEG'));
  await decoded();
  nextDisplay();
  assert.deepEqual(acknowledged, [1, 2]);
  assert.equal(painter.corrupt, 1);
  assert.equal(painter.shown.frame_id, 2);
});

test('clearing gives up what is not painted', async () => {
  painter.offer(...frame(1));
  await decoded();
  painter.offer(...frame(2));
  painter.offer(...frame(3));
  painter.clear();
  assert.deepEqual(acknowledged, [3, 1]);
  await decoded();
  assert.deepEqual(acknowledged, [3, 1, 2]);
  nextDisplay();
  assert.equal(painted.length, 0);
});
