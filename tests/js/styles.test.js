import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../app/page/', import.meta.url);

test('no template sets a style by its attribute, which the policy of the page forbids: `.style=` is allowed', () => {
  const files = readdirSync(folder).filter((name) => /\.(js|html)$/.test(name));
  assert.ok(files.length > 20);
  for (const name of files) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const wrong = text.match(/[\s"'`]style=.*|styleMap.*|setAttribute\(\s*['"]style.*/);
    assert.equal(wrong?.[0], undefined, name);
  }
});

test('no element asks the server for anything: they say what is wanted, and one module alone fetches', () => {
  const modules = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'service-worker.js');
  const elements = modules.filter((name) => readFileSync(new URL(name, folder), 'utf8').includes('customElements.define'));
  assert.ok(elements.length > 20);
  for (const name of modules) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const wrong = text.match(elements.includes(name) ? /\b(fetch|request|XMLHttpRequest)\(.*/ : /\bfetch\(.*/);
    assert.ok(!wrong || name === 'http.js', `${name}: ${wrong?.[0]}`);
  }
});
