import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEAD, speedAt } from '../../app/page/stick.js';

test('in the dead zone nothing moves', () => {
  assert.deepEqual(speedAt(0, 0, 1000), { x: 0, y: 0 });
  assert.deepEqual(speedAt(DEAD * 0.7, -DEAD * 0.7, 1000), { x: 0, y: 0 });
  assert.deepEqual(speedAt(NaN, 0, 1000), { x: 0, y: 0 });
});

test('the edge is full speed, and beyond it is no faster', () => {
  assert.deepEqual(speedAt(1, 0, 1000), { x: 1000, y: 0 });
  assert.deepEqual(speedAt(0, -5, 1000), { x: 0, y: -1000 });
});

test('the direction is that of the finger, slow motion has most of the room', () => {
  const { x, y } = speedAt(0.3, 0.4, 1000);
  assert.ok(Math.abs(y / x - 4 / 3) < 1e-9);
  assert.ok(Math.hypot(x, y) < 250, `${Math.hypot(x, y)}`);
});
