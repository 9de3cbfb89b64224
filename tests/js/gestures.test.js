import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Gestures, HOLD_MS } from '../../app/page/gestures.js';

let element;
let meant;
let now;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  now = 0;
  meant = [];
  element = {
    heard: {},
    addEventListener: (name, listen) => (element.heard[name] = listen),
    getBoundingClientRect: () => ({ left: 100, top: 50 }),
    setPointerCapture: () => {},
  };
  const say = (name) => (...what) => meant.push([name, ...what]);
  new Gestures(element, Object.fromEntries(['pan', 'pinch', 'zoom', 'doubleTap', 'pick'].map((name) => [name, say(name)])));
});

afterEach(() => mock.timers.reset());

function happen(name, x, y, more = {}) {
  const event = { pointerId: 1, pointerType: 'touch', button: 0, timeStamp: now, preventDefault: () => {}, ...more };
  element.heard[name]({ ...event, clientX: x + 100, clientY: y + 50 });
}

function tap(x, y, more) {
  happen('pointerdown', x, y, more);
  now += 40;
  happen('pointerup', x, y, more);
}

test('two taps are one meaning, a third is none, and far ones are none', () => {
  tap(10, 10);
  now += 100;
  tap(12, 9);
  assert.deepEqual(meant, [['doubleTap']]);
  tap(12, 9);
  now += 1000;
  tap(12, 9);
  now += 100;
  tap(200, 9);
  assert.equal(meant.length, 1);
});

test('a finger that rests picks its point, once, and then pans nothing off', () => {
  happen('pointerdown', 30, 40);
  happen('pointermove', 33, 41);
  mock.timers.tick(HOLD_MS);
  assert.deepEqual(meant, [['pick', { x: 30, y: 40 }]]);
  happen('pointerup', 33, 41);
  tap(33, 41);
  assert.equal(meant.length, 1);
});

test('a finger that moves pans, and picks nothing', () => {
  happen('pointerdown', 30, 40);
  happen('pointermove', 50, 35);
  happen('pointermove', 60, 35);
  mock.timers.tick(HOLD_MS);
  happen('pointerup', 60, 35);
  happen('pointermove', 90, 35);
  assert.deepEqual(meant, [['pan', 20, -5], ['pan', 10, 0]]);
});

test('two fingers pinch, and neither taps', () => {
  happen('pointerdown', 30, 40);
  happen('pointerdown', 130, 40, { pointerId: 2 });
  happen('pointermove', 150, 40, { pointerId: 2 });
  happen('pointermove', 10, 40);
  mock.timers.tick(HOLD_MS);
  happen('pointerup', 150, 40, { pointerId: 2 });
  happen('pointermove', 15, 40);
  happen('pointercancel', 15, 40);
  assert.deepEqual(meant, [
    ['pinch', [{ x: 130, y: 40 }, { x: 30, y: 40 }], [{ x: 150, y: 40 }, { x: 30, y: 40 }]],
    ['pinch', [{ x: 30, y: 40 }, { x: 150, y: 40 }], [{ x: 10, y: 40 }, { x: 150, y: 40 }]],
    ['pan', 5, 0],
  ]);
});

test('a double click picks, that of a browser after two taps does not', () => {
  const mouse = { pointerType: 'mouse' };
  tap(5, 6, mouse);
  tap(5, 6, mouse);
  happen('dblclick', 5, 6);
  assert.deepEqual(meant, [['pick', { x: 5, y: 6 }]]);
  tap(5, 6);
  tap(5, 6);
  happen('dblclick', 5, 6);
  assert.deepEqual(meant.slice(1), [['doubleTap']]);
  happen('pointerdown', 5, 6, { ...mouse, button: 2 });
  happen('pointermove', 50, 6, mouse);
  assert.equal(meant.length, 2);
});

test('a wheel zooms around the pointer, in pixels, lines and pinches', () => {
  for (const wheel of [{ deltaY: -100, deltaMode: 0 }, { deltaY: 3, deltaMode: 1 }, { deltaY: -5, deltaMode: 0, ctrlKey: true }]) {
    happen('wheel', 7, 8, wheel);
  }
  assert.deepEqual(meant.map(([name, factor, at]) => [name, factor.toFixed(2), at]), [
    ['zoom', '1.16', { x: 7, y: 8 }],
    ['zoom', '0.93', { x: 7, y: 8 }],
    ['zoom', '1.05', { x: 7, y: 8 }],
  ]);
});
