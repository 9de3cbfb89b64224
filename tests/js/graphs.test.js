import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HISTORY_S, INITIAL } from '../../app/page/figures.js';
import { GRAPHS, SPANS, formatAgo } from '../../app/page/graphs.js';

test('every line is a column of the history, and none is drawn twice', () => {
  const keys = GRAPHS.flatMap(({ lines }) => lines.map(({ key }) => key));
  assert.ok(keys.every((key) => key in INITIAL.history));
  assert.equal(new Set(keys).size, keys.length);
});

test('times on the axis are short and in the unit that suits them', () => {
  assert.deepEqual([0, -15, -45, -60, -150, -600].map(formatAgo), [
    'now', '−15 s', '−45 s', '−1 min', '−2.5 min', '−10 min',
  ]);
});

test('the longest span shows all that is kept', () => {
  assert.equal(Math.max(...SPANS.map(({ spanS }) => spanS)), HISTORY_S);
});
