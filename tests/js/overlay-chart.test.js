import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FITTED } from '../../app/page/field-view.js';
import { Chart } from '../../app/page/overlay-chart.js';
import { angle_degrees, length_um } from '../../app/page/measures.js';
import { Specimen } from '../../app/page/specimen.js';

const pane = { width: 800, height: 450, aspect: 16 / 9 };
const specimen = new Specimen({ x_um: 1000, y_um: 500 }, { x_um: 320, y_um: 0 }, { x_um: 0, y_um: 180 });
const chart = new Chart(FITTED, pane, specimen);
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

test('the scale bar is a round length, as long as that is', () => {
  assert.deepEqual(chart.scaleBar, { um: 50, px: 125 });
  const zoomed = new Chart({ ...FITTED, scale: 10 }, pane, specimen).scaleBar;
  near(zoomed.um, 5);
  near(zoomed.px, 125);
});

test('the grid lies on multiples of a round length', () => {
  assert.equal(chart.gridStep_um, 50);
  // The field reaches from 840 to 1160 and from 410 to 590: 850 … 1150, and 450, 500, 550.
  const lines = chart.gridPath.match(/M[^M]+/g);
  assert.equal(lines.length, 7 + 3);
  assert.ok(lines.includes('M25.0 0.0L25.0 450.0') && lines.includes('M0.0 225.0L800.0 225.0'), lines.join());
});

test('a turned specimen has a turned grid, and points go there and back', () => {
  const turned = new Chart(FITTED, pane, new Specimen({ x_um: 0, y_um: 0 }, { x_um: 226, y_um: 226 }, { x_um: -127, y_um: 127 }));
  const { x, y } = turned.toScreen(turned.toSpecimen({ x: 123, y: 45 }));
  near(x, 123);
  near(y, 45);
  assert.ok(turned.gridPath.match(/M/g).length < 40);
});

test('new marks lie in the middle and can be seen', () => {
  const [one, other] = chart.newPoints('ruler', 0);
  near((one.x_um + other.x_um) / 2, 1000);
  assert.notDeepEqual(chart.newPoints('ruler', 1), [one, other]);
  near(length_um(one, other), 90);
  near(angle_degrees(chart.newPoints('angle', 1)), (Math.atan(0.7 / 1.7) * 180) / Math.PI);
});

test('an arc goes the short way round', () => {
  const at = (x, y) => ({ x, y });
  assert.equal(Chart.arc([at(100, 0), at(0, 0), at(0, 100)]), 'M28.0 0.0A28 28 0 0 1 0.0 28.0');
  assert.equal(Chart.arc([at(0, 100), at(0, 0), at(100, 0)]), 'M0.0 28.0A28 28 0 0 0 28.0 0.0');
});
