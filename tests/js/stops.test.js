import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nearestStop, stopBeside, stopsIn } from '../../app/page/stops.js';

const STOPS = stopsIn({ minimum: 50, maximum: 1000 });

test('stops are thirds of a stop, in round figures, and both ends', () => {
  assert.deepEqual(STOPS, [50, 64, 80, 100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000]);
  assert.deepEqual(stopsIn({ minimum: 63, maximum: 101 }), [63, 80, 101]);
  assert.deepEqual(stopsIn({ minimum: 1, maximum: 2 }), [1, 1.25, 1.6, 2]);
});

test('the nearest stop is nearest as light goes', () => {
  assert.deepEqual([51, 143, 140, 5000].map((value) => nearestStop(STOPS, value)), [50, 160, 125, 1000]);
});

test('keys go from any value to the next stop, three at once, and no farther than the ends', () => {
  const from = (value, count) => stopBeside(STOPS, value, count);
  assert.deepEqual([from(100, 1), from(100, -1), from(110, 1), from(110, -1), from(100, 3)], [125, 80, 125, 100, 200]);
  assert.deepEqual([from(800, 3), from(64, -3), from(1000, 1), from(50, -1)], [1000, 50, 1000, 50]);
});
