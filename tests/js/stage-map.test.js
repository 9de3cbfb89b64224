import assert from 'node:assert/strict';
import { test } from 'node:test';

import { mapOf, placeAt } from '../../app/page/map-geometry.js';
import { MAX_PLACES, trailed } from '../../app/page/trail.js';

const axis = (minimum, maximum) => ({ limits_um: { minimum, maximum } });
const stage = { axes: { x: axis(-10_000, 10_000), y: axis(0, 10_000) } };

test('the map has the limits, a slide in their middle, and a margin', () => {
  const { limits, slide, seen } = mapOf(stage);
  assert.deepEqual(limits, { x: -10_000, y: 0, width: 20_000, height: 10_000 });
  assert.deepEqual(slide, { x: -38_000, y: -8000, width: 76_000, height: 26_000 });
  assert.ok(seen.x < limits.x && seen.y < limits.y && seen.width > limits.width);
});

test('a stage without x or y has no map', () => {
  assert.equal(mapOf(null), null);
  assert.equal(mapOf({ axes: { x: axis(0, 1) } }), null);
});

test('a tap is a place, wherever the drawing is and however wide its frame', () => {
  const map = mapOf(stage);
  const box = { left: 100, top: 50, width: 400, height: 100 };
  assert.deepEqual(placeAt(map, box, { clientX: 300, clientY: 100 }), { x_um: 0, y_um: 5000 });
  const um = map.seen.height / 100;
  assert.deepEqual(placeAt(map, box, { clientX: 310, clientY: 110 }), {
    x_um: Math.round(10 * um),
    y_um: Math.round(5000 + 10 * um),
  });
});

test('beside the limits means at the limits', () => {
  const box = { left: 0, top: 0, width: 100, height: 100 };
  assert.deepEqual(placeAt(mapOf(stage), box, { clientX: 0, clientY: 100 }), { x_um: -10_000, y_um: 10_000 });
});

test('a trail has no places that are one, and an end', () => {
  const first = trailed([], { x_um: 0, y_um: 0 }, 20_000);
  assert.equal(trailed(first, { x_um: 10, y_um: 0 }, 20_000), first);
  assert.deepEqual(trailed(first, { x_um: 100, y_um: 0, z_um: 5 }, 20_000)[1], { x_um: 100, y_um: 0 });
  let trail = first;
  for (let n = 1; n < 2 * MAX_PLACES; n += 1) trail = trailed(trail, { x_um: n * 1000, y_um: 0 }, 20_000);
  assert.equal(trail.length, MAX_PLACES);
  assert.equal(trail.at(-1).x_um, (2 * MAX_PLACES - 1) * 1000);
});
