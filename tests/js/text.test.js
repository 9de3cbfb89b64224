import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { LANGUAGES, inLanguage, known, language, t } from '../../app/page/text.js';

const FOLDER = new URL('../../app/page/text/', import.meta.url);
const PARTS = readdirSync(new URL('en/', FOLDER)).sort();

const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const wordsOf = async (name, part) => (await import(new URL(`${name}/${part}`, FOLDER))).default;

test('every language can be chosen, and every choice has its catalogues', () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), Object.keys(LANGUAGES).sort());
  for (const name of Object.keys(LANGUAGES)) assert.deepEqual(readdirSync(new URL(`${name}/`, FOLDER)).sort(), PARTS);
});

for (const name of Object.keys(LANGUAGES)) {
  for (const part of PARTS) {
    test(`${LANGUAGES[name]} has every text of ${part}, with the same values in it`, async () => {
      const [words, en] = [await wordsOf(name, part), await wordsOf('en', part)];
      assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort());
      for (const key of Object.keys(en)) {
        // Where the server's own words stand in English, another language names their values.
        if (en[key] !== '{detail}') assert.deepEqual(names(words[key]), names(en[key]), key);
        assert.equal(words[key] === '', en[key] === '', key);
      }
    });
  }
}

test('a key is in one catalogue alone', async () => {
  const keys = (await Promise.all(PARTS.map((part) => wordsOf('en', part)))).flatMap(Object.keys);
  assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), []);
});

test("a part's words are there once it has brought them, and the address of any catalogue is that of its language", async () => {
  assert.equal(known('dash.path'), undefined);
  const { t: said } = await import('../../app/page/dashboard-text.js');
  assert.deepEqual([said('dash.path'), said('page.stop')], ['The way of a picture', 'Stop']);
  assert.equal(inLanguage('/page/0/text/de/page.js'), '/page/0/text/en/page.js');
  assert.equal(inLanguage('/page/0/text.js'), '/page/0/text.js');
});

test('values are put into the words, and a key without words says so itself', () => {
  assert.equal(language, 'en');
  assert.equal(t('connection.answered', { status: 418 }), 'The microscope answered 418.');
  assert.equal(t('connection.answered'), 'The microscope answered {status}.');
  assert.equal(t('no.such-text'), 'no.such-text');
  assert.equal(known('no.such-text'), undefined);
  assert.equal(known('status.ready'), '');
});
