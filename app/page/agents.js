/** What a User-Agent header says, in words. */

import { t } from './text.js';

/** The first that fits counts: most browsers claim to be some others too. @type {[RegExp, string][]} */
const PROGRAMS = [
  [/\bEdg/, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
/** @type {[RegExp, string][]} */
const DEVICES = [
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b/, 'iPhone'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, t('agent.mac')],
  [/\bLinux\b/, 'Linux'],
];

/** "Chrome on Android" for a browser, the program's own name for anything else. @param {string} agent */
export function agentName(agent) {
  const browser = first(PROGRAMS, agent);
  const device = first(DEVICES, agent);
  if (browser && device) return t('agent.on', { browser, device });
  return browser || agent.split(/[/ ]/, 1)[0];
}

/** @param {[RegExp, string][]} table @param {string} agent */
function first(table, agent) {
  return table.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
}
