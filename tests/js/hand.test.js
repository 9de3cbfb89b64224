import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { Hand, MAX_GAP_MS, PUSH_MS } from '../../app/page/hand.js';

const LEAST = { x_um: 0.5, y_um: 0.5, z_um: 0.1 };

let sent;
let answers;
let hand;
let nowMs;

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function pass(ms) {
  nowMs += ms;
  mock.timers.tick(ms);
  await settle();
}

beforeEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  mock.timers.enable({ apis: ['setTimeout'] });
  nowMs = 1000;
  mock.method(performance, 'now', () => nowMs);
  sent = [];
  answers = () => Promise.resolve(true);
  hand = new Hand(
    (distance) => {
      sent.push(distance);
      return answers();
    },
    async () => {
      sent.push('stop');
    },
    () => LEAST,
  );
});

test('a speed becomes a push for each beat, and letting go stops', async () => {
  hand.steer({ x_um: 100, y_um: -40 });
  await settle();
  await pass(PUSH_MS);
  assert.deepEqual(sent, [{ x_um: 5, y_um: -2 }, { x_um: 5, y_um: -2 }]);
  hand.release();
  await pass(10 * PUSH_MS);
  assert.deepEqual(sent.slice(2), ['stop']);
});

test('the speed is the newest one, and the beat goes on as it changes', async () => {
  hand.steer({ x_um: 100 });
  await settle();
  for (const um of [200, 300, 400]) hand.steer({ x_um: um });
  await pass(PUSH_MS);
  assert.deepEqual(sent, [{ x_um: 5 }, { x_um: 20 }]);
  hand.release();
});

test('what is too little for a step is kept until it is enough', async () => {
  hand.steer({ x_um: 4, y_um: 100 });
  await settle();
  assert.deepEqual(sent, [{ y_um: 5 }]);
  await pass(PUSH_MS);
  await pass(PUSH_MS);
  assert.equal(sent[2].x_um.toFixed(3), '0.600');
  hand.release();
});

test('an axis that the stage has not is not pushed', async () => {
  const flat = new Hand(
    async (distance) => sent.push(distance) > 0,
    async () => {},
    () => ({ z_um: 0.1 }),
  );
  flat.steer({ x_um: 100, z_um: 10 });
  await settle();
  assert.deepEqual(sent, [{ z_um: 0.5 }]);
  flat.release();
});

test('the next push waits for the answer to the last, and makes up for it, but not for a stall', async () => {
  let answer;
  answers = () => new Promise((resolve) => (answer = resolve));
  hand.steer({ x_um: 100 });
  await pass(PUSH_MS);
  await pass(PUSH_MS);
  assert.equal(sent.length, 1);
  answer(true);
  await settle();
  assert.deepEqual(sent[1], { x_um: 10 });
  answer(true);
  await settle();
  nowMs += 60_000;
  await pass(PUSH_MS);
  assert.deepEqual(sent[2], { x_um: (100 * MAX_GAP_MS) / 1000 });
  hand.release();
});

test('however long an answer takes, the stage does not leap', async () => {
  let answer;
  answers = () => new Promise((resolve) => (answer = resolve));
  hand.steer({ x_um: 100 });
  for (let n = 0; n < 60; n += 1) await pass(PUSH_MS);
  answer(true);
  await settle();
  assert.deepEqual(sent[1], { x_um: (100 * MAX_GAP_MS) / 1000 });
  hand.release();
  answer(true);
});

test('what was refused is not tried again until the hand goes another way', async () => {
  answers = () => Promise.resolve(false);
  hand.steer({ x_um: 100 });
  await settle();
  await pass(PUSH_MS);
  await pass(PUSH_MS);
  assert.equal(sent.length, 1);
  answers = () => Promise.resolve(true);
  hand.steer({ x_um: -100 });
  await pass(PUSH_MS);
  assert.deepEqual(sent.slice(1), [{ x_um: -5 }]);
  hand.steer({ x_um: 100 });
  await pass(PUSH_MS);
  assert.equal(sent.length, 3);
  hand.release();
});

test('who was refused stops nothing that others do', async () => {
  answers = () => Promise.resolve(false);
  hand.steer({ x_um: 100 });
  await settle();
  hand.release();
  await pass(10 * PUSH_MS);
  assert.deepEqual(sent, [{ x_um: 5 }]);
});

test('a first push that is answered after the hand let go is stopped then', async () => {
  let answer;
  answers = () => new Promise((resolve) => (answer = resolve));
  hand.steer({ x_um: 100 });
  hand.release();
  await settle();
  assert.deepEqual(sent, [{ x_um: 5 }]);
  answer(true);
  await settle();
  assert.deepEqual(sent, [{ x_um: 5 }, 'stop']);
});

test('a push that may come in after the stop is stopped too', async () => {
  let answer;
  hand.steer({ x_um: 100 });
  await settle();
  answers = () => new Promise((resolve) => (answer = resolve));
  await pass(PUSH_MS);
  hand.release();
  await settle();
  assert.deepEqual(sent.slice(2), ['stop']);
  answer(true);
  await settle();
  assert.deepEqual(sent.slice(2), ['stop', 'stop']);
});

test('a nudge goes at once, and what is turned meanwhile goes with the next', async () => {
  let answer;
  answers = () => new Promise((resolve) => (answer = resolve));
  hand.nudge({ z_um: 1 });
  hand.nudge({ z_um: 2 });
  hand.nudge({ z_um: 3 });
  assert.deepEqual(sent, [{ z_um: 1 }]);
  answer(true);
  await settle();
  assert.deepEqual(sent[1], { z_um: 5 });
  // Turned back: what was owed the other way is forgotten.
  hand.nudge({ z_um: 4 });
  hand.nudge({ z_um: -2 });
  answer(true);
  await settle();
  assert.deepEqual(sent[2], { z_um: -2 });
  answer(true);
  await settle();
  hand.release();
  assert.equal(sent[3], 'stop');
});

test('letting go of nothing does nothing', async () => {
  assert.equal(hand.holds, false);
  hand.release();
  await pass(1000);
  assert.deepEqual(sent, []);
});
