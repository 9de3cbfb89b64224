/** Stored pictures: taken, listed, described, downloaded, deleted and brought back. */

import { AlbumPages } from './album-pages.js';
import { answerMs } from './camera-state.js';
import { t } from './controls-text.js';
import { overlayForStill } from './overlay-state.js';

/**
 * `album-show` asks for a part of the list, for the element (`who`) that shows it, while it does; `album-find` for the part around a picture.
 *
 * @typedef {{type: 'capture-still', format: import('./store.js').StillFormat}
 *   | {type: 'album-show', who: import('./album-pages.js').Who, from: number, to: number} | {type: 'album-find', id: string}
 *   | {type: 'album-select', ids: string[], on: boolean} | {type: 'album-select-range', from: number, to: number}
 *   | {type: 'album-select-none'}
 *   | {type: 'album-facts', id: string} | {type: 'album-describe', id: string, title?: string, note?: string}
 *   | {type: 'album-delete', ids: string[]} | {type: 'album-restore', ids: string[]} | {type: 'album-undo-over'}
 *   | {type: 'album-restore-all'} | {type: 'album-empty-trash'}
 *   | {type: 'album-zip', ids: string[]}
 *   | {type: 'album-share', image: import('./store.js').ImageRecord}} AlbumIntent
 */

/** Many pictures take their time on a card. */
const MANY_MS = 120_000;
const JPEG = 'image/jpeg';

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function albumDeeds({ store, request, attempt, tell }) {
  const pages = new AlbumPages(store, request, tell);

  /** The answer, or `null` where there is none: that is told. @type {(...call: Parameters<typeof request>) => Promise<any>} */
  async function ask(...call) {
    try {
      return await request(...call);
    } catch (problem) {
      tell(problem);
      return null;
    }
  }

  /** @param {string} format */
  async function take(format) {
    store.dispatch({ type: 'still-started' });
    const overlay = overlayForStill(store.state);
    const asked = { format, ...(overlay && { overlay }) };
    const image = await ask('POST', '/api/camera/still', asked, { timeout_ms: answerMs(store.state) });
    store.dispatch({ type: 'still-ended', image: image ?? undefined });
  }

  /** @param {string[]} ids */
  async function remove(ids) {
    const answer = await ask('POST', '/api/images/delete', { ids }, { timeout_ms: MANY_MS });
    if (answer) store.dispatch({ type: 'album-deleted', ids: answer.deleted });
  }

  /** @param {string[]} ids */
  async function restore(ids) {
    store.dispatch({ type: 'album-undo-over' });
    const answer = await ask('POST', '/api/images/restore', { ids }, { timeout_ms: MANY_MS });
    if (answer?.missing.length) tell(new Error(t('gallery.not-restored', { count: answer.missing.length })));
  }

  async function restoreAll() {
    const trashed = await ask('GET', '/api/images/trash');
    if (trashed?.length) await restore(trashed.map((/** @type {{id: string}} */ { id }) => id));
  }

  /** @param {number} from @param {number} to */
  async function selectRange(from, to) {
    const answer = await ask('GET', `/api/images/ids?offset=${from}&limit=${to - from}`);
    if (answer) store.dispatch({ type: 'album-selected', ids: answer.ids, on: true });
  }

  /** @param {string} id */
  async function facts(id) {
    const told = await ask('GET', `/api/images/${id}/facts`);
    if (told) store.dispatch({ type: 'album-facts', facts: told });
  }

  /** @param {string[]} ids */
  async function zip(ids) {
    store.dispatch({ type: 'album-working', what: 'zip' });
    const answer = await ask('POST', '/api/images/zips', { ids }, { timeout_ms: MANY_MS });
    store.dispatch({ type: 'album-working', what: null });
    if (answer) download(answer.url, answer.file_name);
  }

  /** @param {import('./store.js').ImageRecord} image */
  async function share(image) {
    store.dispatch({ type: 'album-working', what: 'share' });
    try {
      const shown = image.media_type === JPEG ? image.url : `${image.url}/preview`;
      const picture = await request('GET', shown, undefined, { asFile: true });
      const name = `${image.title || image.id}.jpg`.replace(/[/\\]/g, '-');
      await navigator.share({ files: [new File([picture], name, { type: JPEG })] });
    } catch (problem) {
      // Who thinks better of it has not failed.
      if (/** @type {Error} */ (problem).name !== 'AbortError') tell(problem);
    }
    store.dispatch({ type: 'album-working', what: null });
  }

  return {
    'capture-still': ({ format }) => void take(format),
    'album-show': ({ who, from, to }) => pages.show(who, from, to),
    'album-find': ({ id }) => void pages.find(id),
    'album-select': ({ ids, on }) => store.dispatch({ type: 'album-selected', ids, on }),
    'album-select-range': ({ from, to }) => void selectRange(from, to),
    'album-select-none': () => store.dispatch({ type: 'album-unselected' }),
    'album-facts': ({ id }) => void facts(id),
    'album-describe': ({ id, title, note }) => void attempt('PATCH', `/api/images/${id}`, { title, note }),
    'album-delete': ({ ids }) => void remove(ids),
    'album-restore': ({ ids }) => void restore(ids),
    'album-undo-over': () => store.dispatch({ type: 'album-undo-over' }),
    'album-restore-all': () => void restoreAll(),
    'album-empty-trash': () => void attempt('DELETE', '/api/images/trash', undefined, { timeout_ms: MANY_MS }),
    'album-zip': ({ ids }) => void zip(ids),
    'album-share': ({ image }) => void share(image),
  };
}

/** Have the browser save what is at an address. @param {string} url @param {string} name */
function download(url, name) {
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
}
