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
  const keys = [facts.reason, code].map((name) => `problem.${name}`).filter((name) => known(name) !== undefined);
  const values = { detail, ...valuesOf(facts) };
  const texts = keys.map((key) => t(/** @type {import('./text.js').Key} */ (key), values));
  return new Problem(texts.find((words) => !/\{\w+\}/.test(words)) ?? detail, code, facts);
}

/** What the words may name. @param {Record<string, any>} facts @returns {Record<string, string>} */
function valuesOf({ name, driver, needs, role, allowed, free_bytes, needed_bytes, setting, minimum, maximum }) {
  const [label, format] = SETTINGS[setting] ?? [];
  return {
    ...(name && { name }),
    ...(driver && { name: personName(driver.name) }),
    ...(needs && role && { needs: roleName(needs), role: roleName(role) }),
    ...(typeof allowed === 'number' && { allowed: brief(allowed, 0) }),
    ...(needed_bytes && { free: megabytes(free_bytes), needed: megabytes(needed_bytes) }),
    ...(label && format && { setting: t(label), minimum: format(minimum), maximum: format(maximum) }),
  };
}
