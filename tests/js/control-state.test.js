import assert from 'node:assert/strict';
import test from 'node:test';

import { controlDeeds } from '../../app/page/control-deeds.js';
import { controlMatters, drives, otherDriver, placeInRow } from '../../app/page/control-state.js';
import { storageWarnings } from '../../app/page/storage-state.js';
import { INITIAL, reduce, statusText, usable, works } from '../../app/page/store.js';

const ADA = { id: 'ada', name: 'Tablet 1', hands: ['ada'] };

/** The state of the page that the server knows as `viewer`. */
function seenBy(viewer, control) {
  const stage = { status: 'ready', position_trusted: true, axes: {}, position: { x_um: 0, y_um: 0, z_um: 0 } };
  const connected = reduce(INITIAL, { type: 'state', state: { stage, control } });
  return reduce(connected, { type: 'control-viewer', viewer });
}

test('who drives may, and others are told who does', () => {
  const control = { driver: ADA, since: 1, waiting: [{ id: 'bob', name: 'Tablet 2' }], present: 2 };
  const [ada, bob] = [seenBy('ada', control), seenBy('bob', control)];
  assert.deepEqual([drives(ada), otherDriver(ada), usable(ada, 'stage'), statusText(ada, 'stage')], [true, null, true, '']);
  assert.deepEqual([drives(bob), otherDriver(bob)], [false, ADA]);
  assert.deepEqual([usable(bob, 'stage'), works(bob, 'stage')], [false, true]);
  assert.equal(statusText(bob, 'stage'), 'Tablet 1 drives');
  assert.deepEqual([placeInRow(ada), placeInRow(bob)], [0, 1]);
  assert.deepEqual([controlMatters(ada), controlMatters(bob)], [true, true]);
});

test('while nobody drives, or a program beside this page, everything can be used', () => {
  for (const driver of [null, { id: 'program 10.0.0.9', name: 'A program', hands: ['ada'] }]) {
    const ada = seenBy('ada', { driver, since: null, waiting: [], present: 1 });
    assert.deepEqual([usable(ada, 'stage'), controlMatters(ada)], [true, false]);
  }
});

test('what is asked for is said, and a refusal is told', async () => {
  const said = [];
  const told = [];
  const answers = { ask_control: { ok: false, error: 'Tablet 1 drives' }, release_control: { ok: true }, give_control: { ok: true } };
  const socket = { timeout: () => ({ emitWithAck: async (...event) => (said.push(event), answers[event[0]]) }) };
  const deeds = controlDeeds(/** @type {any} */ ({ socket, tell: (problem) => told.push(problem.message) }));
  deeds['control-ask']({});
  deeds['control-release']({});
  deeds['control-give']({ to: 'bob' });
  await new Promise(setImmediate);
  assert.deepEqual(said, [['ask_control', undefined], ['release_control', undefined], ['give_control', { id: 'bob' }]]);
  assert.deepEqual(told, ['Tablet 1 drives']);
});

test('the disk warns while it still takes pictures, and names what was damaged since the start', () => {
  const server = { started_at: 1000 };
  const storage = { free_bytes: 1, total_bytes: 2, pictures_left: 7, low: true, set_aside: [{ name: 'a.json.broken', at: 990 }, { name: 'old.broken', at: 5 }] };
  const warnings = storageWarnings(/** @type {any} */ ({ server, storage }));
  assert.deepEqual(warnings, [
    'The disk is nearly full: 7 more pictures fit.',
    'A settings file was damaged and is kept as a.json.broken. The defaults serve.',
  ]);
  assert.match(storageWarnings(/** @type {any} */ ({ server, storage: { ...storage, pictures_left: 0 } }))[0], /^The disk is full/);
  assert.deepEqual(storageWarnings(/** @type {any} */ ({ server, storage: { ...storage, low: false, set_aside: [] } })), []);
});
