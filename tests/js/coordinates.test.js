import assert from 'node:assert/strict';
import { test } from 'node:test';

import { coordinateText, parseCoordinate } from '../../app/page/coordinates.js';

test('a coordinate is read as people write it', () => {
  for (const [text, unit, um] of [
    ['120', 'µm', 120],
    [' −1,5 ', 'mm', -1500],
    ['-.5', 'mm', -500],
    ['+7.', 'µm', 7],
    ['2 mm', 'µm', 2000],
    ['2um', 'mm', 2],
    ['0.1234', 'µm', 0.123],
  ]) {
    assert.equal(parseCoordinate(text, unit), um, text);
  }
});

test('nothing is null, and what is no number is NaN', () => {
  assert.equal(parseCoordinate('  ', 'µm'), null);
  for (const text of ['north', '1e3', '1.2.3', '5 km', '--1', 'Infinity']) {
    assert.ok(Number.isNaN(parseCoordinate(text, 'µm')), text);
  }
});

test('what is shown is read again as the same', () => {
  for (const um of [0, -0.5, 1234.5, -10_000]) {
    for (const unit of ['µm', 'mm']) assert.equal(parseCoordinate(coordinateText(um, unit), unit), um);
  }
});
