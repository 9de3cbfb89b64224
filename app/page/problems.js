/** What the server refuses, in the page's language. */

import { personName } from './control-state.js';
import { known, t } from './text.js';
import { brief, formatExposure, formatGain, formatPercent, formatRate } from './units.js';

/** A request that was not carried out; its message is meant for people, `code` and `facts` are for the page. */
export class Problem extends Error {
  /** @param {string} message @param {string} [code] the kind of problem @param {Record<string, any>} [facts] */
  constructor(message, code = '', facts = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}

/** @param {import('./access-state.js').Role} role */
const roleName = (role) => t(`access.role-${role}`);

/** @param {number} bytes */
const megabytes = (bytes) => `${brief(bytes / 1e6, 0)} MB`;

/** What can be out of range: its name, and how its values are written. */
const SETTINGS = /** @type {Record<string, [import('./text.js').Key, (value: number) => string]>} */ ({
  exposure_us: ['camera.exposure', formatExposure],
  gain: ['camera.gain', formatGain],
  red_gain: ['camera.red', formatGain],
  blue_gain: ['camera.blue', formatGain],
  fps: ['camera.rate', formatRate],
  brightness: ['lamp.brightness', formatPercent],
});

/**
 * A problem as the server tells it: in words of the page's own where it has some for that reason or kind and all that
 * they name was told, else in the server's.
 *
 * @param {string} code
 * @param {Record<string, any>} facts
 * @param {string} detail
 */
export function problemOf(code, facts, detail) {
  const errors = /** @type {(Record<string, any> & {what: string})[]} */ (facts.errors ?? []);
  // A form's mistakes, each by its own reason.
  const told = errors.map((error) => worded(error, `${error.key}: ${error.what}`)).join('; ') || detail;
  return new Problem(words(facts.reason, facts, told) ?? words(code, facts, told) ?? told, code, facts);
}

/**
 * What the server tells with a `reason`, such as a fault's cause: in words of the page's own as far as they go.
 *
 * @param {Record<string, any>} facts
 * @param {string} detail the server's own words
 */
export function worded(facts, detail) {
  return words(facts.reason, facts, detail) ?? detail;
}

/** @param {string} name @param {Record<string, any>} facts @param {string} detail */
function words(name, facts, detail) {
  const key = `problem.${name}`;
  if (known(key) === undefined) return undefined;
  const text = t(/** @type {import('./text.js').Key} */ (key), { ...valuesOf(facts), detail });
  return /\{\w+\}/.test(text) ? undefined : text;
}

/** What the words may name. @param {Record<string, any>} facts @returns {Record<string, string>} */
function valuesOf({ driver, needs, role, free_bytes, needed_bytes, setting, minimum, maximum, ...plain }) {
  const [label, format] = SETTINGS[setting] ?? [];
  const values = Object.entries(plain).map(([name, value]) => [name, typeof value === 'number' ? brief(value, 3) : value]);
  return {
    ...Object.fromEntries(values.filter(([, value]) => typeof value === 'string')),
    ...(driver && { name: personName(driver.name) }),
    ...(needs && role && { needs: roleName(needs), role: roleName(role) }),
    ...(needed_bytes && { free: megabytes(free_bytes), needed: megabytes(needed_bytes) }),
    ...(label && format && { setting: t(label), minimum: format(minimum), maximum: format(maximum) }),
  };
}
