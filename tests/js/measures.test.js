import assert from 'node:assert/strict';
import { test } from 'node:test';

import { angle_degrees, formatLength, formatMark, length_um, roundNumber } from '../../app/page/measures.js';

const at = (x_um, y_um) => ({ x_um, y_um });

test('round numbers are 1, 2 and 5 of each decade', () => {
  for (const [most, round] of [[1, 1], [1.99, 1], [2, 2], [4.9, 2], [50, 50], [99, 50], [1000, 1000], [0.3, 0.2], [0.06, 0.05]]) {
    assert.equal(roundNumber(most), round, String(most));
  }
});

test('lengths and angles', () => {
  assert.equal(length_um(at(1, 2), at(4, 6)), 5);
  const angle = (...points) => Math.round(angle_degrees(points) * 1e6) / 1e6;
  assert.equal(angle(at(10, 0), at(0, 0), at(0, 3)), 90);
  assert.equal(angle(at(10, 0), at(0, 0), at(0, -3)), 90);
  assert.equal(angle(at(1, 1), at(0, 0), at(-2, -2)), 180);
  assert.equal(angle(at(5, 5), at(2, 2), at(4, 4)), 0);
  assert.equal(angle(at(0, 0), at(0, 0), at(1, 1)), 0);
});

test('lengths have three digits and the unit that suits', () => {
  const written = [[0, '0 µm'], [0.2, '200 nm'], [1, '1 µm'], [12.34, '12.3 µm'], [999.4, '999 µm'], [1500, '1.5 mm']];
  for (const [um, text] of written) assert.equal(formatLength(um), text);
});

test('a mark says what it measures', () => {
  assert.equal(formatMark({ id: 1, kind: 'ruler', points: [at(0, 0), at(30, 40)] }), '50 µm');
  assert.equal(formatMark({ id: 1, kind: 'angle', points: [at(1, 0), at(0, 0), at(1, 1)] }), '45.0°');
});
