import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { loadAnew, newerVersion } from '../../app/page/own-version.js';

let noted;
let loads;

beforeEach(() => {
  noted = new Map();
  loads = 0;
  globalThis.sessionStorage = { getItem: (key) => noted.get(key) ?? null, setItem: (key, value) => noted.set(key, value) };
  globalThis.location = { reload: () => (loads += 1) };
});

afterEach(() => {
  delete globalThis.sessionStorage;
  delete globalThis.location;
});

test('a page is old where its server has another; of what is unknown nothing is said', () => {
  assert.equal(newerVersion({ page: 'b' }, 'a'), 'b');
  assert.equal(newerVersion({ page: 'a' }, 'a'), null);
  assert.equal(newerVersion({ page: 'b' }, null), null);
  assert.equal(newerVersion({}, 'a'), null);
  assert.equal(newerVersion(null, 'a'), null);
});

test('it is loaded anew once a version, and not on and on', () => {
  assert.deepEqual([loadAnew('b'), loadAnew('b'), loadAnew('c')], [true, false, true]);
  assert.equal(loads, 2);
});

test('where nothing can be noted it is left to the user', () => {
  sessionStorage.setItem = () => {
    throw new Error('forbidden');
  };
  assert.equal(loadAnew('b'), false);
  assert.equal(loads, 0);
});
