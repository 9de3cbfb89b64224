import assert from 'node:assert/strict';
import { test } from 'node:test';

import { INITIAL, reduce } from '../../app/page/figures.js';
import { calmText, parts } from '../../app/page/parts.js';

const VIEWER = { ack_ms: 30, network_ms: 12, paint_ms: 18, latency_ms: 45 };

function after(viewers, { temperature_c = 51.4, findings = [] } = {}) {
  const now = {
    at: 1,
    camera: { fps: 29.97, encode_ms: 4.4 },
    server: { loop_lag_ms: { p50: 0.2, p99: 2.1, max: 9 } },
    board: { temperature_c, throttled: [] },
    viewers,
  };
  return reduce(INITIAL, { type: 'answer', figures: { interval_s: 1, now, findings, history: {} } });
}

const shown = (state) => parts(state).map(({ about, verdict, figure, what }) => [about, verdict, figure, what]);

test('every part has its verdict and its figure, that of the slowest viewer where there are some', () => {
  const slow = { ...VIEWER, network_ms: 250, paint_ms: 5 };
  assert.deepEqual(shown(after([VIEWER, slow])), [
    ['camera', 'well', '30.0 fps', 'captured'],
    ['encoder', 'well', '4.4 ms', 'for a frame'],
    ['server', 'well', '2.1 ms', 'loop lag, p99'],
    ['network', 'well', '250 ms', 'slowest of 2'],
    ['viewer', 'well', '18 ms', 'to paint one'],
    ['board', 'well', '51 °C', 'temperature'],
  ]);
});

test('of a viewer that tells little, its acknowledgements say how the network does', () => {
  const [, , , network, viewer] = shown(after([{ ...VIEWER, network_ms: null, paint_ms: null }]));
  assert.deepEqual(network, ['network', 'well', '30 ms', 'to the tablet']);
  assert.deepEqual(viewer, ['viewer', 'unknown', '–', 'not told']);
});

test('what nobody tells is not called well', () => {
  assert.ok(shown(INITIAL).every(([, verdict, figure]) => verdict === 'unknown' && figure === '–'));
  const [, , , network, viewer, board] = shown(after([], { temperature_c: null }));
  assert.deepEqual([network, viewer, board], [
    ['network', 'unknown', '–', 'no viewer'],
    ['viewer', 'unknown', '–', 'no viewer'],
    ['board', 'unknown', '–', 'not told'],
  ]);
});

test('a finding is shown at its part even where there is no figure', () => {
  const findings = [{ about: 'network', code: 'slow', viewer: null, severity: 'warning', text: 'slow' }];
  assert.deepEqual(shown(after([], { findings }))[3].slice(0, 3), ['network', 'warning', '–']);
});

test('calm words count the viewers and tell the longest latency', () => {
  assert.equal(calmText(INITIAL), '');
  assert.equal(calmText(after([])), 'The camera gives 30 frames a second. Nobody watches right now.');
  assert.equal(calmText(after([VIEWER])), '30 frames a second for one viewer, seen after 45 ms as a rule.');
  const silent = { ...VIEWER, latency_ms: null };
  assert.equal(calmText(after([silent, silent])), '30 frames a second for 2 viewers.');
});
