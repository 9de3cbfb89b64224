import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  formatByteRate,
  formatBytes,
  formatExposure,
  formatGain,
  formatMs,
  formatPercent,
  formatUm,
  fromLogScale,
  parseExposure,
  parseGain,
  parsePercent,
  toLogScale,
} from '../../app/page/units.js';

test('micrometres have one decimal and a true minus, and no minus zero', () => {
  assert.deepEqual([12.34, -12.36, 0, -0.04].map(formatUm), [' 12.3', '−12.4', ' 0.0', ' 0.0']);
});

test('an exposure is written in the unit that suits it', () => {
  const written = [50, 999.6, 1000, 10_000, 123_456, 999_950, 1_250_000].map(formatExposure);
  assert.deepEqual(written, ['50 µs', '1000 µs', '1.00 ms', '10.0 ms', '123 ms', '1.00 s', '1.25 s']);
});

test('an exposure is read in any of its units, milliseconds being meant', () => {
  const read = ['850 µs', '850us', '12', '12.5ms', '1,5 s', ' 3 MS '].map(parseExposure);
  assert.deepEqual(read, [850, 850, 12_000, 12_500, 1_500_000, 3000]);
  assert.ok(['', 'abc', '-5', '5 min', '1e3'].map(parseExposure).every(Number.isNaN));
});

test('gain and per cent are read as they are written', () => {
  assert.equal(parseGain(formatGain(2.5)), 2.5);
  assert.equal(parsePercent(formatPercent(0.42)), 0.42);
  assert.ok(Number.isNaN(parseGain('much')));
  assert.ok(Number.isNaN(parsePercent('half')));
});

test('a size is written in kB or MB', () => {
  assert.deepEqual([1, 850_000, 4_200_000, 17_829_322].map(formatBytes), ['1 kB', '850 kB', '4.20 MB', '17.8 MB']);
});

test('a short time has the figures that matter, and a dash where it is unknown', () => {
  const written = [0, 0.44, 9.94, 9.96, 270.4, 999.4, 999.6, 1500, null].map(formatMs);
  assert.deepEqual(written, ['0.0 ms', '0.4 ms', '9.9 ms', '10 ms', '270 ms', '999 ms', '1.00 s', '1.50 s', '–']);
});

test('the rate of a link may be nothing', () => {
  assert.deepEqual([0, 400, 640_000, 3.1e6].map(formatByteRate), ['0 kB/s', '0 kB/s', '640 kB/s', '3.10 MB/s']);
});

test('the logarithmic scale meets its ends, halves by ratio and inverts', () => {
  const range = { minimum: 50, maximum: 200_000 };
  assert.equal(fromLogScale(0, range), 50);
  assert.ok(Math.abs(fromLogScale(1, range) - 200_000) < 1e-6);
  assert.ok(Math.abs(fromLogScale(0.5, range) - Math.sqrt(50 * 200_000)) < 1e-6);
  assert.ok(Math.abs(toLogScale(fromLogScale(0.3, range), range) - 0.3) < 1e-12);
});
