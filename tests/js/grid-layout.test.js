import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cellAt, cellsThere, layoutOf, placeAfter, scrolledTo } from '../../app/page/grid-layout.js';

const MANY = 5000;

test('the cells fill the width, three or more beside each other from a phone on', () => {
  for (const width of [320, 390, 720, 1024, 1920, 2560]) {
    const { columns, width: across, total, rows, height } = layoutOf(width, MANY);
    assert.ok(columns >= (width === 320 ? 2 : 3), `${width}: ${columns}`);
    assert.ok(Math.abs(columns * across - (width + 8)) < 1e-6);
    assert.ok(across >= 100 && across < 300, `${width}: ${across}`);
    assert.equal(total, rows * height);
  }
  assert.equal(layoutOf(0, MANY).columns, 1);
});

test('only the cells that are seen are there, and a few rows more', () => {
  const layout = layoutOf(1024, MANY);
  for (const top of [0, 12_345, layout.total - 700]) {
    const { from, to } = cellsThere(layout, top, 700, MANY);
    assert.ok(to - from <= (Math.ceil(700 / layout.height) + 6) * layout.columns);
    assert.ok(cellAt(layout, from).top <= top);
    assert.ok(to === MANY || cellAt(layout, to).top >= top + 700);
  }
  assert.deepEqual(cellsThere(layout, 0, 700, 3), { from: 0, to: 3 });
  assert.deepEqual(cellsThere(layoutOf(1024, 0), 0, 700, 0), { from: 0, to: 0 });
  assert.equal(cellsThere(layout, 1e9, 700, MANY).from, MANY);
});

test('a cell is scrolled to no farther than needed', () => {
  const layout = layoutOf(1024, MANY);
  assert.equal(scrolledTo(layout, 0, 500, 700), 0);
  const place = 50 * layout.columns;
  assert.ok(Math.abs(scrolledTo(layout, place, 0, 700) - (51 * layout.height - 700)) < 1e-6);
  assert.equal(scrolledTo(layout, place, 50 * layout.height - 10, 700), 50 * layout.height - 10);
});

test('keys go from picture to picture', () => {
  const layout = layoutOf(1024, MANY);
  const { columns, height } = layout;
  const go = (key, place) => placeAfter(key, place, layout, MANY, 3 * height + 1);
  assert.deepEqual([go('ArrowRight', 4), go('ArrowLeft', 4), go('Home', 4), go('End', 4)], [5, 3, 0, MANY - 1]);
  assert.deepEqual([go('ArrowDown', 4), go('ArrowUp', 4 + columns)], [4 + columns, 4]);
  assert.deepEqual([go('PageDown', 4), go('PageUp', 4 + 3 * columns)], [4 + 3 * columns, 4]);
  assert.deepEqual([go('ArrowLeft', 0), go('ArrowUp', 2), go('PageUp', 2)], [0, 2, 0]);
  const last = MANY - 1;
  assert.deepEqual([go('ArrowRight', last), go('ArrowDown', last), go('PageDown', last)], [last, last, last]);
  assert.equal(go('x', 4), null);
});
