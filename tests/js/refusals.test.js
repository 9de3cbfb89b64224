import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Problem } from '../../app/page/problems.js';
import { refusalOf, uncertain } from '../../app/page/refusals.js';

const axis = (more) => ({ limits_um: { minimum: -100, maximum: 250.5 }, can_home: true, position_trusted: true, ...more });
const state = { stage: { axes: { x: axis(), y: axis({ position_trusted: false }), z: axis({ can_home: false }) } } };

test('a push against a limit says which one, and where it can go', () => {
  const problem = new Problem('at its limit', 'out-of-limits', { limits_um: { x: [-100, 250.5] } });
  const { text, edges } = refusalOf(problem, state, { x_um: 10, y_um: -1 });
  assert.match(text, /x = 250.5 µm, y = −100 µm: it can only go the other way/);
  assert.deepEqual(edges, [{ axis: 'x', end: 'maximum' }, { axis: 'y', end: 'minimum' }]);
});

test('a place beyond a limit says what is allowed', () => {
  const problem = new Problem('outside', 'out-of-limits', { axis: 'y', minimum_um: -100, maximum_um: 250.5 });
  const { text, edges } = refusalOf(problem, state, { x_um: 0, y_um: -101 });
  assert.match(text, /y must be −100 to 250.5 µm/);
  assert.deepEqual(edges, [{ axis: 'y', end: 'minimum' }]);
});

test('every kind of refusal has words of its own', () => {
  const told = (code, facts) => refusalOf(new Problem('what the server says', code, facts), state).text;
  assert.match(told('device-busy'), /moving already/);
  assert.match(told('device-stopped', { ended_by: 'a stop' }), /ended by a stop/);
  assert.match(told('device-stopped', { ended_by: 'a limit switch' }), /by a limit switch/);
  assert.equal(told('device-stopped', { ended_by: 'a ghost' }), 'what the server says');
  assert.match(told('device-fault'), /does not work: what the server says/);
  assert.match(told('device-absent'), /no stage/);
  assert.equal(told('control-held'), 'what the server says');
  assert.equal(refusalOf(new Error('odd'), state).text, 'odd');
});

test('a place is not gone to where an axis that it names is uncertain', () => {
  assert.equal(uncertain(state, { x_um: 1, z_um: 1 }), null);
  const { text, home } = uncertain(state, { x_um: 1, y_um: 1 });
  assert.match(text, /along y is uncertain. Home the stage first/);
  assert.equal(home, true);
  const cannot = { stage: { axes: { z: axis({ can_home: false, position_trusted: false }) } } };
  assert.match(uncertain(cannot, { z_um: 0 }).text, /Say first that it is right/);
});
