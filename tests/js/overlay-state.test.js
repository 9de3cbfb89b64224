import assert from 'node:assert/strict';
import { test } from 'node:test';

import { INITIAL, MOST_MARKS, hasScale, overlayForStill, reduce } from '../../app/page/overlay-state.js';

const points = [{ x_um: 0, y_um: 0 }, { x_um: 3, y_um: 4 }];
const after = (...happenings) => happenings.reduce(reduce, INITIAL);
const optics = { objectives: [{ id: '10x', um_per_px: 0.1 }], objective: '10x' };
const put = { type: 'overlay-put', kind: 'ruler', points };

test('a mark is wanted, gets its place, is chosen, moves and goes', () => {
  let slice = after({ type: 'overlay-add', kind: 'ruler' });
  assert.equal(slice.adding, 'ruler');
  slice = reduce(slice, put);
  assert.deepEqual(slice.marks, [{ id: 1, kind: 'ruler', points }]);
  assert.deepEqual([slice.adding, slice.chosen], [null, 1]);
  const moved = [points[0], { x_um: 9, y_um: 9 }];
  slice = reduce(reduce(slice, put), { ...put, id: 1, points: moved });
  assert.deepEqual(slice.marks.map((mark) => mark.points), [moved, points]);
  slice = reduce(reduce(slice, { type: 'overlay-choose', id: 1 }), { type: 'overlay-delete', id: 1 });
  assert.deepEqual([slice.marks.map(({ id }) => id), slice.chosen], [[2], null]);
  assert.deepEqual(reduce(slice, { ...put, id: 1 }).marks, slice.marks);
  assert.deepEqual(reduce(slice, { type: 'overlay-clear' }).marks, []);
});

test('there are no more marks than the server draws, and none of a wrong form', () => {
  const full = after(...Array(MOST_MARKS).fill(put));
  assert.equal(reduce(full, { type: 'overlay-add', kind: 'angle' }).adding, null);
  assert.equal(reduce(INITIAL, { ...put, kind: 'angle' }).marks.length, 0);
  assert.equal(reduce(INITIAL, { type: 'state' }), INITIAL);
});

test('the still gets what is shown, if that is asked for', () => {
  const told = (slice, lens = optics) => overlayForStill({ local: { overlay: slice }, optics: lens });
  const slice = after(put, { type: 'overlay-show', part: 'grid', on: true });
  assert.equal(told(slice), undefined);
  const saving = reduce(slice, { type: 'overlay-show', part: 'withStill', on: true });
  assert.deepEqual(told(saving), {
    scale_bar: true,
    grid: true,
    crosshair: false,
    measurements: [{ kind: 'ruler', points }],
  });
  const nothing = { objectives: [], objective: null };
  assert.ok(hasScale({ optics }) && !hasScale({ optics: nothing }));
  assert.equal(told(saving, nothing), undefined);
  const crossed = reduce(saving, { type: 'overlay-show', part: 'crosshair', on: true });
  assert.deepEqual(told(crossed, nothing), { scale_bar: false, grid: false, crosshair: true, measurements: [] });
});

test('of what the tab has kept that alone is taken which has its form', async (t) => {
  t.after(() => delete globalThis.sessionStorage);
  const mark = { id: 1, kind: 'ruler', points };
  const cases = [
    ['{"grid": tr', []],
    ['null', []],
    ['7', []],
    [JSON.stringify({ grid: 'yes', marks: { length: 1 } }), []],
    [JSON.stringify({ marks: [mark, null, 7, { ...mark, kind: 'circle' }, { ...mark, points: [] }] }), [mark]],
    [JSON.stringify({ marks: [{ ...mark, id: '1' }, { ...mark, points: [points[0], { x_um: null, y_um: 1 }] }] }), []],
    [JSON.stringify({ marks: Array(MOST_MARKS + 1).fill(mark) }), Array(MOST_MARKS).fill(mark)],
  ];
  for (const [number, [kept, marks]] of cases.entries()) {
    globalThis.sessionStorage = { getItem: () => kept };
    const { INITIAL: found } = await import(`../../app/page/overlay-state.js?kept=${number}`);
    assert.deepEqual([found.scaleBar, found.grid, found.marks], [true, false, marks], kept);
  }
});
