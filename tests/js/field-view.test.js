import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  FITTED,
  WHOLE,
  boxOf,
  fieldSize,
  fitted,
  panned,
  pinched,
  seen,
  toField,
  toScreen,
  zoomed,
} from '../../app/page/field-view.js';

/** Wider than the field: there are bars left and right. */
const pane = { width: 1000, height: 450, aspect: 16 / 9 };

function near(actual, expected, slack = 1e-9) {
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(Math.abs(actual[name] - value) < slack, `${name}: ${actual[name]} is not ${value}`);
  }
}

test('fitted, the field is as large as it can be, in the middle', () => {
  near(boxOf(FITTED, pane, WHOLE), { x: 100, y: 0, width: 800, height: 450 });
  near(boxOf(FITTED, { ...pane, height: 800 }, WHOLE), { x: 0, y: 118.75, width: 1000, height: 562.5 });
});

test('places go to the screen and back', () => {
  const view = { x: 0.3, y: 0.7, scale: 3.5 };
  near(toField(view, pane, toScreen(view, pane, { x: 0.12, y: 0.9 })), { x: 0.12, y: 0.9 });
});

test('what is under the pointer stays there as one zooms, out again too', () => {
  const at = { x: 700, y: 100 };
  const place = toField(FITTED, pane, at);
  let view = FITTED;
  for (const factor of [1.3, 2, 1.7]) {
    view = zoomed(view, pane, factor, at);
    near(toField(view, pane, at), place);
  }
  near(view, { scale: 1.3 * 2 * 1.7 });
  near(zoomed(view, pane, 1e-6, at), FITTED);
  assert.equal(zoomed(view, pane, 1e6, at).scale, 40);
});

test('a pinch holds what is under both fingers', () => {
  const before = [{ x: 450, y: 200 }, { x: 550, y: 250 }];
  const after = [{ x: 300, y: 150 }, { x: 600, y: 300 }];
  const view = { x: 0.5, y: 0.5, scale: 4 };
  const [one, other] = before.map((at) => toField(view, pane, at));
  const pinchedView = pinched(view, pane, before, after);
  near(pinchedView, { scale: 12 });
  near(toScreen(pinchedView, pane, one), after[0]);
  near(toScreen(pinchedView, pane, other), after[1]);
});

test('fingers that meet do no harm', () => {
  const met = [{ x: 450, y: 200 }, { x: 450, y: 200 }];
  assert.ok(Number.isFinite(pinched(FITTED, pane, met, [{ x: 0, y: 0 }, { x: 900, y: 400 }]).scale));
});

test('panning ends where the edge is in the middle, and a field that fits is not panned', () => {
  assert.deepEqual(panned(FITTED, pane, 80, -50), FITTED);
  const view = panned({ x: 0.5, y: 0.5, scale: 4 }, pane, 100, -50);
  near(toScreen(view, pane, { x: 0.5, y: 0.5 }), { x: 600, y: 175 });
  const edge = panned(view, pane, 1e5, 1e5);
  near(toScreen(edge, pane, { x: 0, y: 0 }), { x: 500, y: 225 });
  near(seen(edge, pane), { left: 0, top: 0, right: 500 / 3200, bottom: 225 / 1800 });
});

test('a part of the field that is fitted fills the pane as the whole would', () => {
  const region = { x: 0.2, y: 0.5, size: 0.25 };
  near(boxOf(fitted(region), pane, region), boxOf(FITTED, pane, WHOLE));
  near(fieldSize(fitted(region), pane), { width: 3200, height: 1800 });
});
