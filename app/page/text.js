/**
 * The page's words in the reader's language: a folder a language, in text/, and in it a flat catalogue for each part of
 * the page that is loaded for itself. Another language is another folder with the same files and keys, and its line in
 * `LANGUAGES`. A part takes `t` from its own `PART-text.js`: that one knows its keys, and is not there before its words.
 */

import { read } from './preferences.js';

/** What can be chosen, each by its own name. @type {Record<string, string>} */
export const LANGUAGES = { en: 'English', de: 'Deutsch' };

/**
 * @typedef {{
 *   page: typeof import('./text/en/page.js').default,
 *   controls: typeof import('./text/en/controls.js').default,
 *   gallery: typeof import('./text/en/gallery.js').default,
 *   settings: typeof import('./text/en/settings.js').default,
 *   about: typeof import('./text/en/about.js').default,
 *   dashboard: typeof import('./text/en/dashboard.js').default,
 * }} Catalogues
 */

/**
 * What a part may say.
 *
 * @template {keyof Catalogues} [Part='page']
 * @typedef {Extract<keyof Catalogues['page'] | keyof Catalogues[Part], string>} Key
 */

/** The language of this page: the one that was chosen, else the first of the browser's that there is. */
export const language = chosen();

/** All that were brought. @type {Record<string, string>} */
const words = {};
const plurals = new Intl.PluralRules(language);

// The page asks for the words of the browser's own language before anybody could look here. Where another was chosen, all
// of its own are asked for now.
for (const link of globalThis.document?.querySelectorAll('link[rel=modulepreload]') ?? []) {
  const file = /** @type {HTMLLinkElement} */ (link);
  if (file.href !== inLanguage(file.href)) file.href = inLanguage(file.href);
}

/**
 * The words of a key. A `{name}` in them is replaced by the value of that name; with a value `count`, the key's form for
 * that number (`key.one`, `key.other`) is taken where there is one.
 */
export const t = await learn('page');

/**
 * Bring a part's words. The server counts an `await learn('PART')` among a module's imports.
 *
 * @template {keyof Catalogues} Part
 * @param {Part} part
 * @returns {Promise<(key: Key<Part>, values?: Record<string, string | number>) => string>} `t` for its keys as well
 */
export async function learn(part) {
  Object.assign(words, (await import(`./text/${language}/${part}.js`)).default);
  return say;
}

/** The words of a key that may be unknown, such as one named by the server; `undefined` where there are none. */
export function known(/** @type {string} */ key) {
  return key in words ? words[key] : undefined;
}

/** A file's address; a catalogue's is that of this page's language. @param {string} file */
export function inLanguage(file) {
  return file.replace(/\/text\/\w+\//, `/text/${language}/`);
}

/** @param {string} key @param {Record<string, string | number>} [values] */
function say(key, values = {}) {
  const form = typeof values.count === 'number' ? words[`${key}.${plurals.select(values.count)}`] : undefined;
  const text = form ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @returns {string} */
function chosen() {
  const wanted = [read('language'), ...(globalThis.navigator?.languages ?? [])];
  const found = wanted.map((name) => name?.split('-')[0] ?? '').find((name) => name in LANGUAGES);
  return found ?? 'en';
}
