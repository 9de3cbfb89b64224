import assert from 'node:assert/strict';
import { test } from 'node:test';

import { alike, isWithin, regionFor, smallestRegion, suits } from '../../app/page/camera-region.js';
import { FITTED, WHOLE, seen } from '../../app/page/field-view.js';

const pane = { width: 800, height: 450, aspect: 16 / 9 };
const info = { sensor_width: 3280, sensor_height: 2464, stream_width: 1280, stream_height: 720, zoom: { minimum: 0.05 } };
const SMALLEST = 0.1;

test('the region holds what is seen and a little more, and lies in the field', () => {
  for (const view of [
    { x: 0.5, y: 0.5, scale: 4 },
    { x: 0.125, y: 0.875, scale: 4 },
    { x: 0.3, y: 0.6, scale: 9 },
  ]) {
    const region = regionFor(view, pane, SMALLEST);
    const { left, top, right, bottom } = seen(view, pane);
    assert.ok(region.x <= left && region.y <= top, JSON.stringify(region));
    assert.ok(region.x + region.size >= right - 1e-3 && region.y + region.size >= bottom - 1e-3);
    assert.ok(region.x >= 0 && region.y >= 0 && region.x + region.size <= 1 && region.y + region.size <= 1);
    assert.ok(region.size < 1.3 / view.scale);
    assert.ok(suits(region, view, pane, SMALLEST));
  }
});

test('a pane of another form needs the larger of both sides', () => {
  const tall = { ...pane, width: 400, height: 900 };
  const view = { x: 0.5, y: 0.5, scale: 8 };
  const { top, bottom } = seen(view, tall);
  assert.ok(regionFor(view, tall, SMALLEST).size >= bottom - top);
});

test('it is the whole field where that shows nearly as much, and never smaller than the camera has detail', () => {
  assert.equal(regionFor(FITTED, pane, SMALLEST), WHOLE);
  assert.equal(regionFor({ ...FITTED, scale: 1.2 }, pane, SMALLEST), WHOLE);
  assert.equal(regionFor({ ...FITTED, scale: 30 }, pane, SMALLEST).size, SMALLEST);
});

test('a region goes on until the view leaves it or wants much more detail', () => {
  const view = { x: 0.5, y: 0.5, scale: 3 };
  const region = regionFor(view, pane, SMALLEST);
  assert.ok(suits(region, { ...view, x: 0.515 }, pane, SMALLEST));
  assert.ok(!suits(region, { ...view, x: 0.6 }, pane, SMALLEST));
  assert.ok(suits(region, { ...view, scale: 3.5 }, pane, SMALLEST));
  assert.ok(!suits(region, { ...view, scale: 6 }, pane, SMALLEST));
  assert.ok(!suits(region, FITTED, pane, SMALLEST));
});

test('the smallest is where a pixel of the stream is one of the sensor, or what the camera allows', () => {
  assert.equal(smallestRegion(info), 1280 / 3280);
  assert.equal(smallestRegion({ ...info, zoom: { minimum: 0.5 } }), 0.5);
  assert.equal(smallestRegion({ ...info, stream_width: 3280, stream_height: 1845 }), 1);
});

test('regions that a camera rounded are alike, others are not', () => {
  const region = { x: 0.25, y: 0.25, size: 0.5 };
  assert.ok(alike(region, { x: 0.2505, y: 0.2496, size: 0.5008 }));
  assert.ok(!alike(region, { ...region, x: 0.3 }));
  assert.ok(isWithin(region, WHOLE) && isWithin(region, region) && !isWithin(WHOLE, region));
  assert.ok(!isWithin({ ...region, x: 0.4 }, region));
});
