import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { FigureFeed, INTERVAL_MS } from '../../app/page/figure-feed.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

let asked;
let feed;
let told;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  [asked, told] = [[], []];
  feed = new FigureFeed(
    (method, path) => new Promise((resolve, reject) => asked.push({ call: `${method} ${path}`, resolve, reject })),
  );
  feed.onchange = (state) => told.push(state.connection);
});

async function pass(ms) {
  mock.timers.tick(ms);
  await settle();
}

async function answer(atS) {
  const history = { at: [atS], camera_fps: [30] };
  asked.shift().resolve({ interval_s: 1, now: { at: atS, viewers: [] }, findings: [], history });
  await settle();
}

test('it asks every second, for what came since the last answer', async () => {
  feed.show(true);
  assert.equal(asked[0].call, 'GET /api/figures');
  await answer(100.125);
  assert.equal(asked.length, 0);
  await pass(INTERVAL_MS);
  assert.equal(asked[0].call, 'GET /api/figures?since=100.125');
  await answer(101.125);
  await pass(INTERVAL_MS);
  assert.equal(asked[0].call, 'GET /api/figures?since=101.125');
  assert.deepEqual(feed.state.history.at, [100.125, 101.125]);
  assert.deepEqual(told, ['connected', 'connected']);
});

test('there is one request at a time, however long the answer takes', async () => {
  feed.show(true);
  await pass(20 * INTERVAL_MS);
  assert.equal(asked.length, 1);
});

test('a failure is told, and it asks again', async () => {
  feed.show(true);
  await answer(100);
  await pass(INTERVAL_MS);
  asked.shift().reject(new Error('The microscope cannot be reached.'));
  await settle();
  assert.deepEqual([feed.state.problem, told.at(-1)], ['The microscope cannot be reached.', 'reconnecting']);
  await pass(INTERVAL_MS);
  await answer(200);
  assert.deepEqual([feed.state.problem, told.at(-1)], ['', 'connected']);
});

test('a hidden page does not ask; seen again, it asks at once and never twice', async () => {
  feed.show(true);
  await answer(100);
  feed.show(false);
  await pass(20 * INTERVAL_MS);
  assert.equal(asked.length, 0);
  feed.show(true);
  feed.show(true);
  assert.equal(asked.length, 1);
  feed.show(false);
  feed.show(true);
  assert.equal(asked.length, 1);
  await answer(101);
  await pass(INTERVAL_MS);
  assert.equal(asked.length, 1);
});

test('it stops the stage, or says why not', async () => {
  const done = feed.stop();
  assert.equal(asked[0].call, 'POST /api/stage/stop');
  asked.shift().resolve({});
  assert.equal(await done, '');
  const refused = feed.stop();
  asked.shift().reject(new Error('no stage'));
  assert.equal(await refused, 'no stage');
});
