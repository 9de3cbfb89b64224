import assert from 'node:assert/strict';
import { test } from 'node:test';

import { INITIAL, PAGE_SIZE, missingPages, nameOf, placeOf, reduce } from '../../app/page/album-state.js';

const picture = (id, more = {}) => ({ id, title: '', note: '', captured_at: 0, ...more });
const pictures = (from, to) => Array.from({ length: to - from }, (_, n) => picture(`p${from + n}`));
const page = (offset, total, revision, images = pictures(offset, Math.min(total, offset + PAGE_SIZE))) => ({
  type: 'album-page',
  page: { images, offset, total, revision, trashed: 0 },
});
const signal = (name, p0) => ({ type: 'signal', name, args: { p0: { trashed: 0, ...p0 } } });
const after = (...happenings) => happenings.reduce(reduce, INITIAL);
const ids = (album) => album.images.map((image) => image?.id ?? null);

test('the list is as long as the microscope says, and filled page by page', () => {
  const album = after(page(0, 250, 7), page(200, 250, 7));
  assert.equal(album.images.length, 250);
  assert.equal(placeOf(album, 'p249'), 249);
  assert.equal(placeOf(album, 'p150'), -1);
  assert.deepEqual(missingPages(album, 0, 250), [100]);
  assert.deepEqual(missingPages(album, 0, 60), []);
  assert.deepEqual(missingPages(album, 90, 120), [100]);
  assert.deepEqual(missingPages(album, 240, 900), []);
});

test('before anything is known the first page is asked for, whatever is shown', () => {
  assert.deepEqual(missingPages(INITIAL, 0, 1), [0]);
  assert.deepEqual(missingPages(INITIAL, 130, 220), [100, 200]);
  assert.deepEqual(missingPages(after(page(0, 0, 1, [])), 0, 4), []);
});

test('that a picture was removed is known until it is back', () => {
  const start = after(page(0, 3, 7));
  const removed = reduce(start, signal('image_removed', { id: 'p1', place: 1, total: 2, revision: 8 }));
  assert.equal(removed.absent, 'p1');
  const back = reduce(removed, signal('image_added', { image: picture('p1'), place: 1, total: 3, revision: 9 }));
  assert.equal(back.absent, null);
  assert.equal(reduce(reduce(removed, { type: 'state', state: {} }), page(0, 3, 1)).absent, null);
});

test('what is told in its turn is done', () => {
  const start = after(page(0, 3, 7));
  const added = reduce(start, signal('image_added', { image: picture('new'), place: 0, total: 4, revision: 8 }));
  assert.deepEqual(ids(added), ['new', 'p0', 'p1', 'p2']);
  const back = reduce(added, signal('image_added', { image: picture('back'), place: 2, total: 5, revision: 9 }));
  assert.deepEqual(ids(back), ['new', 'p0', 'back', 'p1', 'p2']);
  const named = picture('p0', { title: 'Pollen' });
  const changed = reduce(back, signal('image_changed', { image: named, place: 1, total: 5, revision: 10 }));
  assert.equal(changed.images[1].title, 'Pollen');
  const removed = reduce(changed, signal('image_removed', { id: 'back', place: 2, total: 4, revision: 11, trashed: 1 }));
  assert.deepEqual(ids(removed), ['new', 'p0', 'p1', 'p2']);
  assert.equal(removed.trashed, 1);
  assert.ok(!removed.stale);
  assert.deepEqual(ids(start), ['p0', 'p1', 'p2']);
});

test('a change in a part that is not here moves what is', () => {
  const album = after(page(200, 250, 7));
  const told = { image: picture('new'), place: 0, total: 251, revision: 8 };
  const added = reduce(album, signal('image_added', told));
  assert.equal(placeOf(added, 'p200'), 201);
  assert.deepEqual(missingPages(added, 0, 50), [0]);
});

test('what was told already does nothing, and what was missed makes the list stale', () => {
  const start = after(page(0, 3, 7));
  const old = signal('image_removed', { id: 'p0', place: 0, total: 2, revision: 7 });
  assert.equal(reduce(start, old), start);
  const late = reduce(start, signal('image_removed', { id: 'p0', place: 0, total: 1, revision: 9 }));
  assert.ok(late.stale);
  assert.deepEqual(missingPages(late, 0, 10), [0]);
  const many = reduce(start, signal('images_changed', { total: 900, revision: 8, trashed: 5 }));
  assert.ok(many.stale);
  assert.equal(many.trashed, 5);
  const fresh = reduce(many, page(0, 900, 8));
  assert.deepEqual([fresh.stale, fresh.images.length], [false, 900]);
});

test('a page from before a change that was told is asked for again', () => {
  const told = signal('image_added', { image: picture('new'), place: 0, total: 4, revision: 8 });
  const known = reduce(after(page(0, 3, 7)), told);
  assert.equal(reduce(known, page(0, 3, 7)), known);
  // Also where the list was not known when it was told.
  const unknown = after(told, page(0, 3, 7));
  assert.deepEqual([unknown.stale, unknown.known], [true, false]);
  assert.deepEqual(missingPages(unknown, 0, 4), [0]);
});

test('a page from after a change that is still to be told begins a new list', () => {
  const album = after(page(0, 250, 7), page(100, 251, 8));
  assert.equal(placeOf(album, 'p0'), -1);
  assert.equal(album.images.length, 251);
  const told = signal('image_added', { image: picture('new'), place: 0, total: 251, revision: 8 });
  assert.equal(reduce(album, told), album);
});

test('after a new connection all is asked for again, also from a server that counts from the start', () => {
  const again = after(page(0, 3, 70), { type: 'state', state: {} });
  assert.deepEqual(ids(again), ['p0', 'p1', 'p2'], 'what was shown stays until it is known better');
  assert.deepEqual(missingPages(again, 0, 3), [0]);
  assert.deepEqual(ids(reduce(again, page(0, 2, 1))), ['p0', 'p1']);
});

test('a still is taken, and a failed one leaves the last', () => {
  const started = after({ type: 'still-started' });
  assert.ok(started.taking);
  const ended = reduce(started, { type: 'still-ended', image: picture('new') });
  assert.deepEqual([ended.taking, ended.taken.id], [false, 'new']);
  const failed = [{ type: 'still-started' }, { type: 'still-ended' }].reduce(reduce, ended);
  assert.deepEqual([failed.taking, failed.taken.id], [false, 'new']);
});

test('what is chosen, and what is deleted is not chosen any more', () => {
  const chosen = after(page(0, 3, 7), { type: 'album-selected', ids: ['p0', 'p1', 'p2'], on: true });
  const two = reduce(chosen, { type: 'album-selected', ids: ['p1'], on: false });
  assert.deepEqual([...two.selected], ['p0', 'p2']);
  const elsewhere = reduce(two, signal('image_removed', { id: 'p2', place: 2, total: 2, revision: 8 }));
  assert.deepEqual([...elsewhere.selected], ['p0']);
  const deleted = reduce(two, { type: 'album-deleted', ids: ['p0'] });
  assert.deepEqual([[...deleted.selected], deleted.deleted], [['p2'], ['p0']]);
  assert.deepEqual(reduce(deleted, { type: 'album-undo-over' }).deleted, []);
  assert.equal(reduce(chosen, { type: 'album-unselected' }).selected.size, 0);
});

test('a picture is called by its title, else by its time', () => {
  assert.equal(nameOf(picture('p', { title: 'Pollen' })), 'Pollen');
  assert.match(nameOf(picture('p', { captured_at: 1_704_067_200 })), /20(23|24)/);
});

test('what is none of the album leaves it as it is', () => {
  for (const happening of [signal('camera_changed', {}), { type: 'message', text: 'x' }]) {
    assert.equal(reduce(INITIAL, happening), INITIAL);
  }
});
