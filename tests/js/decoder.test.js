import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Decoder, LATE_MS } from '../../app/page/decoder.js';

let worker;

beforeEach(() => {
  globalThis.createImageBitmap = async () => 'made here';
  worker = { sent: [], postMessage: (jpeg) => worker.sent.push(jpeg), terminate: () => (worker.ended = true) };
});

afterEach(() => {
  delete globalThis.createImageBitmap;
});

const jpeg = () => new ArrayBuffer(1);
const hear = (data) => worker.onmessage({ data });

test('until the worker has come up, and where there is none, pictures are decoded here', async () => {
  const decoder = new Decoder(() => worker);
  assert.deepEqual([await decoder.decode(jpeg()), decoder.place, worker.sent.length], ['made here', 'page', 0]);
  const without = new Decoder(() => {
    throw new TypeError('no module workers');
  });
  assert.deepEqual([await without.decode(jpeg()), without.place], ['made here', 'page']);
});

test('then the worker decodes them, in order, a bad one too', async () => {
  const decoder = new Decoder(() => worker);
  hear('ready');
  const asked = [decoder.decode(jpeg()), decoder.decode(jpeg()), decoder.decode(jpeg())];
  assert.deepEqual([decoder.place, worker.sent.length], ['worker', 3]);
  hear('one');
  hear(null);
  hear('three');
  const answers = await Promise.allSettled(asked);
  assert.deepEqual(answers.map(({ value, reason }) => value ?? reason.message), ['one', 'no JPEG', 'three']);
});

test('a worker that dies is done without', async () => {
  const decoder = new Decoder(() => worker);
  hear('ready');
  const lost = decoder.decode(jpeg());
  worker.onerror();
  await assert.rejects(lost, /has ended/);
  assert.ok(worker.ended);
  assert.deepEqual([await decoder.decode(jpeg()), decoder.place], ['made here', 'page']);
});

test('a worker that dies without a word is done without', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const decoder = new Decoder(() => worker);
  hear('ready');
  const answered = decoder.decode(jpeg());
  hear('one');
  assert.equal(await answered, 'one');
  mock.timers.tick(LATE_MS);
  assert.equal(decoder.place, 'worker', 'it was in time');
  const lost = decoder.decode(jpeg());
  mock.timers.tick(LATE_MS);
  await assert.rejects(lost, /has ended/);
  assert.deepEqual([await decoder.decode(jpeg()), worker.ended], ['made here', true]);
  mock.timers.reset();
});
