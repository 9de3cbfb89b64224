import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { QUICK_MS, SLOW_MS, ServerClock } from '../../app/page/server-clock.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const realNow = performance.now;

let nowMs;
let aheadS;
let asked;
let clock;

/** Let time pass, and what falls due happen. */
async function pass(ms) {
  nowMs += ms;
  mock.timers.tick(ms);
  await settle();
}

/** Answer the question that waits: so long on the way there, so long on the way back. */
async function answer(thereMs, backMs) {
  nowMs += thereMs;
  const serverS = nowMs / 1000 + aheadS;
  nowMs += backMs;
  asked.shift().resolve(serverS);
  await settle();
}

/** By how much the estimate is wrong, in milliseconds. */
const errorMs = () => 1000 * (clock.at(nowMs) - nowMs / 1000 - aheadS);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  nowMs = 5000;
  performance.now = () => nowMs;
  aheadS = 1_700_000_000;
  asked = [];
  clock = new ServerClock(() => new Promise((resolve, reject) => asked.push({ resolve, reject })));
});

afterEach(() => {
  mock.timers.reset();
  performance.now = realNow;
});

test('it is unknown before the first answer', () => {
  assert.equal(clock.at(nowMs), null);
  clock.start();
  assert.equal(clock.at(nowMs), null);
});

test('an answer is taken for the middle of its exchange', async () => {
  clock.start();
  await answer(20, 20);
  assert.ok(Math.abs(errorMs()) < 0.01);
  assert.equal(clock.at(nowMs + 1000) - clock.at(nowMs), 1);
});

test('of several exchanges the shortest counts, whatever comes after it', async () => {
  clock.start();
  await answer(5, 205);
  assert.ok(Math.abs(errorMs() + 100) < 0.01);
  await pass(QUICK_MS);
  await answer(4, 6);
  assert.ok(Math.abs(errorMs()) < 1.01);
  for (let n = 0; n < 3; n += 1) {
    await pass(QUICK_MS);
    await answer(5, 150);
  }
  assert.ok(Math.abs(errorMs()) < 1.01);
});

test('the first exchanges follow quickly, the later ones now and then, for ever', async () => {
  clock.start();
  for (let n = 0; n < 7; n += 1) {
    await answer(1, 1);
    await pass(QUICK_MS);
    assert.equal(asked.length, 1, `after ${n + 1}`);
  }
  for (let n = 0; n < 20; n += 1) {
    await answer(1, 1);
    await pass(SLOW_MS - 1);
    assert.equal(asked.length, 0);
    await pass(1);
    assert.equal(asked.length, 1);
  }
});

test('a clock that is set is followed at once, though the exchange is longer than the earlier ones', async () => {
  clock.start();
  await answer(1, 1);
  await pass(QUICK_MS);
  aheadS += 3600;
  await answer(30, 30);
  assert.ok(Math.abs(errorMs()) < 0.01);
});

test('clocks that drift are followed, since old exchanges are forgotten', async () => {
  clock.start();
  await answer(1, 1);
  for (let n = 0; n < 100; n += 1) {
    await pass(n < 7 ? QUICK_MS : SLOW_MS);
    aheadS += 100e-6 * 5;
    await answer(2, 2);
  }
  assert.ok(Math.abs(errorMs()) < 5);
});

test('no answer, or none that is a time, changes nothing; it is asked again later', async () => {
  clock.start();
  asked.shift().reject(new Error('timeout'));
  await settle();
  await pass(SLOW_MS);
  asked.shift().resolve({ no: 'time' });
  await settle();
  assert.equal(clock.at(nowMs), null);
  await pass(SLOW_MS);
  await answer(1, 1);
  assert.ok(Math.abs(errorMs()) < 0.01);
});

test('a new connection begins anew, and an answer to the old one is not heard', async () => {
  clock.start();
  await answer(1, 1);
  await pass(QUICK_MS);
  const [old] = asked.splice(0);
  clock.stop();
  clock.start();
  assert.equal(clock.at(nowMs), null);
  old.resolve(42);
  await settle();
  assert.equal(clock.at(nowMs), null);
  aheadS = 99;
  await answer(1, 1);
  assert.ok(Math.abs(errorMs()) < 0.01);
});

test('once stopped it asks no more', async () => {
  clock.start();
  await answer(1, 1);
  clock.stop();
  await pass(10 * SLOW_MS);
  assert.equal(asked.length, 0);
});
