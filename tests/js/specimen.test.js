import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Specimen } from '../../app/page/specimen.js';

const info = { sensor_width: 3280, sensor_height: 2464, stream_width: 1280, stream_height: 720 };
const optics = { objectives: [{ id: '10x', um_per_px: 0.1 }], objective: '10x' };
const state = { optics, camera: { info } };
const metadata = { width: 1280, height: 720, zoom: { x: 0, y: 0, size: 1 }, position: { x_um: 100, y_um: -50, z_um: 3 } };

function near(actual, expected) {
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(Math.abs(actual[name] - value) < 1e-6, `${name}: ${actual[name]} is not ${value}`);
  }
}

test('the middle of the field is where the stage stands', () => {
  const specimen = Specimen.in(state, metadata);
  near(specimen.at({ x: 0.5, y: 0.5 }), { x_um: 100, y_um: -50 });
  near(specimen, { width_um: 328 });
  near(specimen.at({ x: 1, y: 0 }), { x_um: 100 + 164, y_um: -50 - (164 * 9) / 16 });
});

test('a zoomed or a smaller picture shows the same specimen', () => {
  const whole = Specimen.in(state, metadata);
  const place = { x: 0.3, y: 0.9 };
  const zoomed = { ...metadata, zoom: { x: 0.2, y: 0.6, size: 0.25 } };
  near(Specimen.in(state, zoomed).at(place), whole.at(place));
  near(Specimen.in(state, { ...metadata, width: 640, height: 360 }).at(place), whole.at(place));
});

test('what is found is where it was', () => {
  const turned = new Specimen({ x_um: 5, y_um: 6 }, { x_um: 30, y_um: 40 }, { x_um: -20, y_um: 15 });
  near(turned.find(turned.at({ x: 0.1, y: 0.8 })), { x: 0.1, y: 0.8 });
  near(turned, { width_um: 50 });
});

test('without a scale there is none; without a stage nothing moves', () => {
  assert.equal(Specimen.in({ ...state, optics: { objectives: [], objective: null } }, metadata), null);
  near(Specimen.in(state, { ...metadata, position: null }).at({ x: 0.5, y: 0.5 }), { x_um: 0, y_um: 0 });
});
