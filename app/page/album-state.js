/**
 * The stored pictures as this page knows them: a list as long as the microscope's, of which the parts that somebody
 * looked at are here; and what the user is about to do with some of them.
 *
 * The microscope counts the changes of its list (`revision`) and tells each. What is told in its turn is done here too;
 * where something was missed, the list is `stale` and asked for again, part by part.
 */

import { language } from './text.js';

/**
 * @typedef {import('./store.js').ImageRecord} ImageRecord
 * @typedef {{images: ImageRecord[], offset: number, total: number, revision: number, trashed: number}} Page
 * @typedef {{total: number, revision: number, trashed: number}} Counts
 * @typedef {{
 *   images: (ImageRecord | undefined)[],
 *   revision: number,
 *   stale: boolean,
 *   known: boolean,
 *   trashed: number,
 *   taking: boolean,
 *   taken: ImageRecord | null,
 *   selected: ReadonlySet<string>,
 *   deleted: string[],
 *   facts: Record<string, any> | null,
 *   absent: string | null,
 *   working: 'zip' | 'share' | null,
 * }} AlbumLocal `images` has the newest first, and a hole where a picture has not been asked for; `known` is whether
 *   their number is; `taken` is the last still that this page took; `deleted` is what the last deletion took, for as long
 *   as undoing it is offered; `facts` is all that is known of one picture, `absent` the
 *   name of the last that was looked for and is not there, or was removed
 *
 * @typedef {{type: 'still-started'} | {type: 'still-ended', image?: ImageRecord}
 *   | {type: 'album-page', page: Page}
 *   | {type: 'album-selected', ids: string[], on: boolean} | {type: 'album-unselected'}
 *   | {type: 'album-deleted', ids: string[]} | {type: 'album-undo-over'}
 *   | {type: 'album-facts', facts: Record<string, any>} | {type: 'album-absent', id: string}
 *   | {type: 'album-working', what: 'zip' | 'share' | null}} AlbumHappening
 */

/** So many pictures are asked for at once. */
export const PAGE_SIZE = 100;

/** @type {AlbumLocal} */
export const INITIAL = Object.freeze({
  images: [],
  revision: 0,
  stale: true,
  known: false,
  trashed: 0,
  taking: false,
  taken: null,
  selected: new Set(),
  deleted: [],
  facts: null,
  absent: null,
  working: null,
});

/** @param {AlbumLocal} album @param {import('./store.js').Happening} happening @returns {AlbumLocal} */
export function reduce(album, happening) {
  switch (happening.type) {
    case 'state':
      return { ...album, stale: true, revision: 0 }; // it may be another server, and whatever happened meanwhile
    case 'signal':
      return happening.name in SIGNALS ? afterSignal(album, happening.name, happening.args.p0) : album;
    case 'album-page':
      return withPage(album, happening.page);
    case 'still-started':
      return { ...album, taking: true };
    case 'still-ended':
      return { ...album, taking: false, taken: happening.image ?? album.taken };
    case 'album-selected':
      return { ...album, selected: withIds(album.selected, happening.ids, happening.on) };
    case 'album-unselected':
      return { ...album, selected: INITIAL.selected };
    case 'album-deleted':
      return { ...album, deleted: happening.ids, selected: withIds(album.selected, happening.ids, false) };
    case 'album-undo-over':
      return { ...album, deleted: [] };
    case 'album-facts':
      return { ...album, facts: happening.facts };
    case 'album-absent':
      return { ...album, absent: happening.id };
    case 'album-working':
      return { ...album, working: happening.what };
    default:
      return album;
  }
}

/** @param {AlbumLocal} album @param {Page} page @returns {AlbumLocal} */
function withPage(album, page) {
  if (page.revision < album.revision) return album; // from before what was told since: it is asked for again
  const fresh = !album.stale && page.revision === album.revision;
  /** @type {(ImageRecord | undefined)[]} */
  const images = fresh ? [...album.images] : Array.from({ length: page.total });
  page.images.forEach((image, place) => (images[page.offset + place] = image));
  const absent = page.images.some(({ id }) => id === album.absent) ? null : album.absent;
  return { ...album, images, absent, revision: page.revision, trashed: page.trashed, stale: false, known: true };
}

/** What each signal does to the list. @type {Record<string, (images: (ImageRecord | undefined)[], told: any) => void>} */
const SIGNALS = {
  image_added: (images, { place, image }) => images.splice(place, 0, image),
  image_removed: (images, { place }) => images.splice(place, 1),
  image_changed: (images, { place, image }) => (images[place] = image),
  images_changed: () => {},
};

/** @param {AlbumLocal} album @param {string} name @param {Counts & Record<string, any>} told @returns {AlbumLocal} */
function afterSignal(album, name, told) {
  const { revision, trashed } = told;
  if (revision <= album.revision) return album;
  const selected = name === 'image_removed' ? withIds(album.selected, [told.id], false) : album.selected;
  const after = { ...album, selected, revision, trashed };
  if (name === 'image_removed') after.absent = told.id;
  else if (told.image?.id === album.absent) after.absent = null;
  if (album.stale || revision > album.revision + 1 || name === 'images_changed') return { ...after, stale: true };
  const images = [...album.images];
  SIGNALS[name](images, told);
  return { ...after, images };
}

/** @param {ReadonlySet<string>} before @param {string[]} ids @param {boolean} on @returns {ReadonlySet<string>} */
function withIds(before, ids, on) {
  const after = new Set(before);
  for (const id of ids) {
    if (on) after.add(id);
    else after.delete(id);
  }
  return after;
}

/** Where a picture stands; -1 where that is not known. @param {AlbumLocal} album @param {string} id */
export function placeOf({ images }, id) {
  return images.findIndex((image) => image?.id === id);
}

/**
 * The places from which on a page has to be asked for, so that all from `from` to before `to` are here. While nothing is
 * known the list may have any length.
 *
 * @param {AlbumLocal} album
 * @param {number} from
 * @param {number} to
 * @returns {number[]}
 */
export function missingPages({ images, stale, known }, from, to) {
  const end = known && !stale ? Math.min(to, images.length) : to;
  const offsets = [];
  for (let offset = from - (from % PAGE_SIZE); offset < end; offset += PAGE_SIZE) {
    const last = Math.min(offset + PAGE_SIZE, end);
    const hole = images.slice(Math.max(offset, from), last).includes(undefined) || last > images.length;
    if (stale || hole) offsets.push(offset);
  }
  return offsets;
}

/**
 * What a picture is called: its title, else the time at which it was taken.
 *
 * @param {ImageRecord} image
 * @param {Intl.DateTimeFormatOptions} [form] of the time
 */
export function nameOf({ title, captured_at }, form) {
  return title || new Date(captured_at * 1000).toLocaleString(language, form);
}
