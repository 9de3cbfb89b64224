import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { LANGUAGES, known, language, t } from '../../app/page/text.js';
import en from '../../app/page/text/en.js';

const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every catalogue can be chosen, and every choice has its catalogue', () => {
  const files = readdirSync(new URL('../../app/page/text/', import.meta.url));
  assert.deepEqual(files.sort(), Object.keys(LANGUAGES).map((name) => `${name}.js`).sort());
});

for (const name of Object.keys(LANGUAGES)) {
  test(`${LANGUAGES[name]} has every text, with the same values in it`, async () => {
    const { default: words } = await import(`../../app/page/text/${name}.js`);
    assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort());
    for (const key of Object.keys(en)) {
      // Where the server's own words stand in English, another language names their values.
      if (en[key] !== '{detail}') assert.deepEqual(names(words[key]), names(en[key]), key);
      assert.equal(words[key] === '', en[key] === '', key);
    }
  });
}

test('values are put into the words, and a key without words says so itself', () => {
  assert.equal(language, 'en');
  assert.equal(t('connection.answered', { status: 418 }), 'The microscope answered 418.');
  assert.equal(t('connection.answered'), 'The microscope answered {status}.');
  assert.equal(t('no.such-text'), 'no.such-text');
  assert.equal(known('no.such-text'), undefined);
  assert.equal(known('status.ready'), '');
});
