import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { HOLD_MS, Jogger, REPEAT_MS } from '../../app/page/jogger.js';

const RIGHT = { x_um: 100 };

let sent;
let answers;
let jogger;

/** Let all that waits for an answer go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function pass(ms) {
  mock.timers.tick(ms);
  await settle();
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  sent = [];
  answers = () => Promise.resolve(true);
  jogger = new Jogger(
    (distance) => {
      sent.push(distance);
      return answers();
    },
    async () => {
      sent.push('stop');
    },
  );
});

test('a short press is one jog and no stop', async () => {
  jogger.press(RIGHT);
  await pass(HOLD_MS - 1);
  jogger.release();
  await pass(10_000);
  assert.deepEqual(sent, [RIGHT]);
});

test('a held press repeats, and its end stops the stage', async () => {
  jogger.press(RIGHT);
  await pass(HOLD_MS);
  await pass(REPEAT_MS);
  await pass(REPEAT_MS);
  jogger.release();
  await pass(10_000);
  assert.deepEqual(sent, [RIGHT, RIGHT, RIGHT, RIGHT, 'stop']);
});

test('the next jog waits for the answer to the last', async () => {
  let answer;
  jogger.press(RIGHT);
  await pass(HOLD_MS - 1);
  answers = () => new Promise((resolve) => (answer = resolve));
  await pass(1);
  await pass(10 * REPEAT_MS);
  assert.equal(sent.length, 2);
  answer(true);
  await settle();
  assert.equal(sent.length, 3);
});

test('a jog that may come in after the stop is stopped too', async () => {
  let answer;
  jogger.press(RIGHT);
  await pass(HOLD_MS - 1);
  answers = () => new Promise((resolve) => (answer = resolve));
  await pass(1);
  jogger.release();
  await settle();
  assert.deepEqual(sent, [RIGHT, RIGHT, 'stop']);
  answer(true);
  await settle();
  assert.deepEqual(sent, [RIGHT, RIGHT, 'stop', 'stop']);
});

test('a refused jog ends the repetition', async () => {
  jogger.press(RIGHT);
  await pass(HOLD_MS - 1);
  answers = () => Promise.resolve(false);
  await pass(1);
  await pass(10_000);
  jogger.release();
  assert.deepEqual(sent, [RIGHT, RIGHT]);
});

test('a refused press ends, and stops nothing that others do', async () => {
  answers = () => Promise.resolve(false);
  jogger.press(RIGHT);
  await settle();
  await pass(10_000);
  jogger.release();
  await pass(10_000);
  assert.deepEqual(sent, [RIGHT]);
});

test('the second stop spares a new press', async () => {
  const up = { z_um: 10 };
  let answer;
  jogger.press(RIGHT);
  await pass(HOLD_MS - 1);
  answers = () => new Promise((resolve) => (answer = resolve));
  await pass(1);
  jogger.release();
  const late = answer;
  await settle();
  jogger.press(up);
  late(true);
  await settle();
  assert.deepEqual(sent, [RIGHT, RIGHT, 'stop', up]);
  jogger.release();
});

test('a stop ends a held press', async () => {
  jogger.press(RIGHT);
  await pass(HOLD_MS);
  await jogger.stop();
  await pass(10_000);
  jogger.release();
  assert.deepEqual(sent, [RIGHT, RIGHT, 'stop']);
});

test('a new press takes the place of the one before', async () => {
  const up = { z_um: 10 };
  jogger.press(RIGHT);
  await pass(HOLD_MS);
  jogger.press(up);
  await pass(HOLD_MS - 1);
  jogger.release();
  await pass(10_000);
  assert.deepEqual(sent, [RIGHT, RIGHT, 'stop', up]);
});

test('a release without a press does nothing', async () => {
  jogger.release();
  await pass(10_000);
  assert.deepEqual(sent, []);
});
