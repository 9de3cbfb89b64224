import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';

import { accessDeeds } from '../../app/page/access-deeds.js';
import { INITIAL, may, reduce } from '../../app/page/access-state.js';
import { Store, statusText, usable } from '../../app/page/store.js';

const STAGE = { status: 'ready', position: { x_um: 0, y_um: 0, z_um: 0 }, axes: {}, position_trusted: true, fault: null };

function rig(answers = {}) {
  const sent = [];
  const server = new EventEmitter();
  const socket = {
    on: server.on.bind(server),
    connect: () => sent.push('connect'),
    disconnect: () => sent.push('disconnect'),
  };
  const store = new Store();
  const request = async (method, path, body) => {
    sent.push([method, path, body]);
    const answer = answers[`${method} ${path}`];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const told = [];
  const tell = (problem) => told.push(problem.message);
  const attempt = async (...call) => {
    try {
      await request(...call);
      return true;
    } catch (problem) {
      tell(problem);
      return false;
    }
  };
  const deeds = accessDeeds({ socket, store, request, attempt, tell });
  return { sent, server, store, told, deeds };
}

test('each role may what those below it may; nobody is known to be anybody before the server says so', () => {
  const roles = ['viewer', 'operator', 'owner'];
  for (const role of roles) {
    const allowed = roles.filter((needed) => may({ access: { role } }, needed));
    assert.deepEqual(allowed, roles.slice(0, roles.indexOf(role) + 1));
  }
  assert.equal(may({ access: null }, 'viewer'), false);
  assert.equal(may({ access: { role: null } }, 'viewer'), false);
});

test('a viewer can use no device, and is told why', () => {
  const store = new Store();
  const state = { stage: STAGE, access: { auth: true, role: 'viewer' } };
  store.dispatch({ type: 'state', state });
  assert.equal(usable(store.state, 'stage'), false);
  assert.equal(statusText(store.state, 'stage'), 'view only');
  store.dispatch({ type: 'signal', name: 'access_changed', args: { p0: { auth: true, role: 'operator' } } });
  assert.equal(usable(store.state, 'stage'), true);
});

test('who is not let in has to pair; a state of the microscope says that they are in', async () => {
  const { server, store } = rig();
  server.emit('connect_error', Object.assign(new Error('no'), { data: { code: 'other' } }));
  server.emit('connect_error', new Error('no network'));
  assert.equal(store.state.local.access.unpaired, false);
  server.emit('connect_error', Object.assign(new Error('no'), { data: { code: 'not-paired' } }));
  assert.equal(store.state.local.access.unpaired, true);
  store.dispatch({ type: 'state', state: {} });
  assert.equal(store.state.local.access.unpaired, false);
});

test('a PIN that fits has the page connect anew; one that does not says why and how long to wait', async () => {
  const wrong = Object.assign(new Error('wrong PIN'), { facts: { wait_s: 4 } });
  const answers = { 'POST /api/access/pair': wrong };
  const { sent, store, deeds } = rig(answers);
  const before = performance.now();
  await deeds['access-pair']({ secret: '12345678', name: 'Ada' });
  const { pairing, problem, waitUntilMs } = store.state.local.access;
  assert.deepEqual([pairing, problem], [false, 'wrong PIN']);
  assert.ok(waitUntilMs >= before + 4000 && waitUntilMs <= performance.now() + 4000);
  answers['POST /api/access/pair'] = {};
  await deeds['access-pair']({ secret: '87654321', name: '' });
  assert.deepEqual(sent.slice(1), [
    ['POST', '/api/access/pair', { secret: '87654321', name: '' }],
    'disconnect',
    'connect',
  ]);
});

test('an owner is told of everybody, an operator of tokens alone; a refusal is shown', async () => {
  const answers = {
    'GET /api/access/people': [{ id: 'a' }],
    'GET /api/access/invitations': [{ id: 'i' }],
    'GET /api/access/tokens': [{ id: 't' }],
    'DELETE /api/access/people/a': new Error('that is the last owner'),
  };
  const { sent, store, told, deeds } = rig(answers);
  store.dispatch({ type: 'state', state: { access: { role: 'operator' } } });
  await deeds['access-load']();
  assert.deepEqual(sent, [['GET', '/api/access/tokens', undefined]]);
  store.dispatch({ type: 'state', state: { access: { role: 'owner' } } });
  await deeds['access-end']({ id: 'a' });
  assert.deepEqual(told, ['that is the last owner']);
  const { people, invitations, tokens } = store.state.local.access;
  assert.deepEqual([people, invitations, tokens], [[{ id: 'a' }], [{ id: 'i' }], [{ id: 't' }]]);
});

test('what belonged to one who was here before is forgotten with them', () => {
  const known = reduce(INITIAL, { type: 'access-known', known: { token: { token: 'eyp_x' }, people: [{ id: 'a' }] } });
  assert.equal(known.token.token, 'eyp_x');
  const out = reduce(known, { type: 'access-unpaired' });
  assert.deepEqual([out.token, out.people], [null, []]);
});
