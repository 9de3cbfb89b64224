/**
 * The page's words in the reader's language: one flat catalogue a language, in text/. Another language is another file
 * there with the same keys, and its line in `LANGUAGES`.
 */

import { read } from './preferences.js';

/** What can be chosen, each by its own name. @type {Record<string, string>} */
export const LANGUAGES = { en: 'English', de: 'Deutsch' };

/** @typedef {keyof typeof import('./text/en.js').default} Key */

/** The language of this page: the one that was chosen, else the first of the browser's that there is. */
export const language = chosen();

/** @type {Record<string, string>} */
const words = (await import(`./text/${language}.js`)).default;
const plurals = new Intl.PluralRules(language);

/**
 * The words of a key. A `{name}` in them is replaced by the value of that name; with a value `count`, the key's form for
 * that number (`key.one`, `key.other`) is taken where there is one.
 *
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const form = typeof values.count === 'number' ? words[`${key}.${plurals.select(values.count)}`] : undefined;
  const text = form ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The words of a key that may be unknown, such as one named by the server; `undefined` where there are none. */
export function known(/** @type {string} */ key) {
  return key in words ? words[key] : undefined;
}

/** @returns {string} */
function chosen() {
  const wanted = [read('language'), ...(globalThis.navigator?.languages ?? [])];
  const found = wanted.map((name) => name?.split('-')[0] ?? '').find((name) => name in LANGUAGES);
  return found ?? 'en';
}
