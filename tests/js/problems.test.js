import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { problemOf } from '../../app/page/problems.js';
import en from '../../app/page/text/en/page.js';

const SERVER = new URL('../../', import.meta.url);

test('a kind or a reason has words with the values that were told', () => {
  const said = (code, facts) => problemOf(code, facts, 'so says the server').message;
  assert.equal(said('control-held', { driver: { id: 'a', name: 'Ada' } }).slice(0, 11), 'Ada drives:');
  assert.match(said('storage-full', { free_bytes: 3e6, needed_bytes: 74e6 }), /3 MB are free, and 74 MB are needed/);
  assert.match(said('role', { needs: 'owner', role: 'viewer' }), /takes the role owner; yours is viewer/);
  const range = { reason: 'setting-range', minimum: 100, maximum: 200_000 };
  assert.equal(said('invalid-request', { ...range, setting: 'exposure_us' }), 'Exposure must be 100 µs to 200 ms.');
  assert.equal(said('invalid-request', { reason: 'too-many', allowed: 50 }), 'There may be 50 at most: remove one first.');
  assert.equal(said('storage', {}), 'A file could not be read or written: so says the server');
});

test('where words lack, or what they would name was not told, the server has its say; what it told is kept', () => {
  const problem = problemOf('odd', { x: 1 }, 'so says the server');
  assert.deepEqual([problem.message, problem.code, problem.facts], ['so says the server', 'odd', { x: 1 }]);
  const unnamed = { reason: 'setting-range', setting: 'jpeg_quality', minimum: 1, maximum: 100 };
  assert.equal(problemOf('invalid-request', unnamed, 'so says the server').message, 'so says the server');
  assert.equal(problemOf('control-held', {}, 'so says the server').message, 'so says the server');
});

test('every reason and kind that the server gives has its words', () => {
  const files = ['app/', 'hw/'].flatMap((folder) =>
    readdirSync(new URL(folder, SERVER), { recursive: true })
      .filter((name) => name.endsWith('.py'))
      .map((name) => readFileSync(new URL(folder + name, SERVER), 'utf8')),
  );
  const reasons = files.flatMap((text) => [...text.matchAll(/reason="([\w-]+)"/g)].map(([, reason]) => reason));
  assert.ok(reasons.length > 8);
  const told = readFileSync(new URL('app/problems.py', SERVER), 'utf8');
  const kinds = [...told.matchAll(/\(\d{3}, "([\w-]+)"\)/g)].map(([, kind]) => kind);
  assert.ok(kinds.length > 15);
  const mistakes = files.join('');
  const own = [...mistakes.matchAll(/(?:PydanticCustomError\(|"reason": )"([\w-]+)"/g)].map(([, reason]) => reason);
  assert.ok(own.length > 8);
  for (const name of [...reasons, ...kinds, ...own]) assert.ok(`problem.${name}` in en, name);
});
