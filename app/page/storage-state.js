/** What is to be said of the disk. */

import { t } from './text.js';

/**
 * @typedef {{free_bytes: number, total_bytes: number, pictures_left: number, low: boolean,
 *   set_aside: {name: string, at: number}[]}} StorageSection the server's
 */

/** Warnings that stand until there is room, or until the next start. @returns {string[]} */
export function storageWarnings(/** @type {import('./store.js').State} */ { storage, server }) {
  if (!storage) return [];
  const count = storage.pictures_left;
  const room = storage.low ? [count ? t('storage.low', { count }) : t('storage.full')] : [];
  const found = storage.set_aside.filter(({ at }) => at >= (server?.started_at ?? 0) - STARTING_S);
  return [...room, ...found.map(({ name }) => t('storage.set-aside', { name }))];
}

/** Files are read a little before the server counts itself as started. */
const STARTING_S = 60;
