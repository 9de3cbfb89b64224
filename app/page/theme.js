/** The page's looks: dark for a dark room, red for eyes that shall stay used to the night, light for the day. */

import { keep, read } from './preferences.js';

export const THEMES = /** @type {const} */ (['dark', 'night', 'light']);

/** @typedef {typeof THEMES[number]} Theme */

/** The theme that this browser has chosen. @returns {Theme} */
export function theme() {
  return THEMES.find((name) => name === read('theme')) ?? 'dark';
}

/** Show another theme, and remember it. early.js shows it at the next load. @param {Theme} name */
export function showTheme(name) {
  keep('theme', name);
  const root = document.documentElement;
  root.dataset.theme = name;
  const ground = getComputedStyle(root).getPropertyValue('--ground').trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', ground);
}
