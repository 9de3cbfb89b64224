import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { Latest, PAUSE_MS } from '../../app/page/latest.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
});

/** Let the answer be taken, and the time till the next request pass. */
async function pause() {
  await settle();
  mock.timers.tick(PAUSE_MS);
  await settle();
}

/** A sender whose requests are answered by hand. */
function byHand() {
  const requests = [];
  const settled = [];
  const latest = new Latest(
    (change) => new Promise((resolve, reject) => requests.push({ change, resolve, reject })),
    (answer, problem) => settled.push({ answer, problem }),
  );
  return { latest, requests, settled };
}

test('while a request is under way, changes gather into one', async () => {
  const { latest, requests, settled } = byHand();
  for (let gain = 1; gain <= 50; gain += 1) latest.push({ gain });
  latest.push({ exposure_us: 7 });
  assert.deepEqual(requests.map((request) => request.change), [{ gain: 1 }]);

  requests[0].resolve('first');
  await settle();
  assert.equal(requests.length, 1);
  await pause();
  assert.deepEqual(requests[1].change, { gain: 50, exposure_us: 7 });
  assert.deepEqual(settled, []);

  requests[1].resolve('second');
  await settle();
  assert.deepEqual(settled, [{ answer: 'second', problem: undefined }]);
  assert.equal(requests.length, 2);
});

test('a refusal of the last change is told without an answer', async () => {
  const { latest, requests, settled } = byHand();
  const problem = new Error('too bright');
  latest.push({ brightness: 1 });
  latest.push({ brightness: 2 });
  requests[0].resolve('first');
  await pause();
  requests[1].reject(problem);
  await settle();
  assert.deepEqual(settled, [{ answer: undefined, problem }]);
});

test('a refusal does not keep later changes from going', async () => {
  const { latest, requests, settled } = byHand();
  latest.push({ gain: 99 });
  latest.push({ gain: 2 });
  requests[0].reject(new Error('too much'));
  await pause();
  requests[1].resolve('ok');
  await settle();
  assert.deepEqual(settled, [{ answer: 'ok', problem: undefined }]);
});
