import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { EVERY_MS, ToneMeter } from '../../app/page/tone-meter.js';
import { BINS, BLACK, BLOWN, FINE, tonesOf } from '../../app/page/tones.js';

const GREY = [100, 100, 100, 255];
const WHITE = [255, 255, 255, 255];
const DARK = [3, 2, 4, 255];

test('the histogram counts every pixel once, the darkest first', () => {
  const { bins } = tonesOf([...GREY, ...GREY, ...WHITE, ...DARK]);
  assert.equal(bins.length, BINS);
  assert.deepEqual([bins[0], bins[25], bins[63]], [0.25, 0.5, 0.25]);
  assert.equal(bins.reduce((sum, bin) => sum + bin, 0), 1);
});

test('one colour at its end is blown; black is what no colour lights', () => {
  const red = [254, 60, 60, 255];
  const blue = [0, 0, 90, 255];
  const { mask, blown, black } = tonesOf([...red, ...blue, ...DARK, ...GREY, ...WHITE]);
  assert.deepEqual([...mask], [BLOWN, FINE, BLACK, FINE, BLOWN]);
  assert.deepEqual([blown, black], [0.4, 0.2]);
});

/** A worker that is answered for by hand. */
class Hand {
  asked = [];
  ended = false;
  postMessage(jpeg) {
    this.asked.push(jpeg.byteLength);
  }
  terminate() {
    this.ended = true;
  }
}

let workers;
let meter;
let nowMs;

beforeEach(() => {
  workers = [];
  nowMs = 1000;
  mock.method(performance, 'now', () => nowMs);
  meter = new ToneMeter(() => {
    workers.push(new Hand());
    return workers.at(-1);
  });
});

function offer(ms = EVERY_MS, zoom = undefined) {
  nowMs += ms;
  meter.offer({ zoom }, new ArrayBuffer(7));
}

test('it looks at nothing for nobody, at few frames, and never at two at once', () => {
  offer();
  assert.equal(workers.length, 0);
  const told = [];
  const until = new AbortController();
  meter.watch((tones) => told.push(tones), until.signal);
  offer(EVERY_MS, { size: 0.5 });
  offer(EVERY_MS / 4);
  assert.deepEqual(workers[0].asked, [7]);
  workers[0].onmessage({ data: { blown: 0.1 } });
  assert.deepEqual(told, [{ blown: 0.1, zoom: { size: 0.5 } }]);
  offer(EVERY_MS / 4);
  assert.equal(workers[0].asked.length, 1);
  offer();
  workers[0].onmessage({ data: null });
  assert.equal(told.length, 1, 'a picture that cannot be read tells nothing');
  offer();
  assert.equal(workers[0].asked.length, 3);
});

test('with its last watcher the worker ends, and comes back for the next', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  meter.watch(() => {}, one.signal);
  meter.watch(() => {}, other.signal);
  offer();
  one.abort();
  assert.ok(!workers[0].ended);
  other.abort();
  assert.ok(workers[0].ended);
  meter.watch(() => {}, new AbortController().signal);
  offer();
  assert.deepEqual(workers[1].asked, [7]);
});

test('a worker that cannot run is asked no more', () => {
  meter.watch(() => {}, new AbortController().signal);
  offer();
  workers[0].onerror();
  offer();
  assert.equal(workers.length, 1);
});
