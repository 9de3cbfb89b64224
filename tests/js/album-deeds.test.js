import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Problem } from '../../app/page/problems.js';
import { albumDeeds } from '../../app/page/album-deeds.js';
import { Store } from '../../app/page/store.js';

let store, requested, answers, told, deeds;

const [GRID, TRAY] = [{ isConnected: true }, { isConnected: true }];
const settle = () => new Promise((resolve) => setImmediate(resolve));
const record = (place) => ({ id: `p${place}`, url: `/api/images/p${place}`, title: '', note: '', captured_at: 0 });

/** A page of a list of 1000, as the microscope answers. */
function pageAt(path) {
  const offset = Number(new URL(path, 'http://x').searchParams.get('offset'));
  const images = Array.from({ length: Math.min(100, 1000 - offset) }, (_, n) => record(offset + n));
  return { images, offset, total: 1000, revision: 1, trashed: 0 };
}

beforeEach(() => {
  store = new Store();
  store.dispatch({ type: 'connection', connection: 'connected' });
  requested = [];
  answers = {};
  told = [];
  const request = async (method, path, body) => {
    requested.push([method, path, body]);
    const name = `${method} ${path}`;
    if (name in answers) return answers[name]();
    if (name.startsWith('GET /api/images?')) return pageAt(path);
    return {};
  };
  const tell = (problem) => told.push(problem.message);
  const attempt = (...call) => request(...call).then(() => true);
  deeds = albumDeeds({ socket: {}, store, request, attempt, tell });
});

const album = () => store.state.local.album;
const asked = () => requested.map(([, path]) => /offset=(\d+)/.exec(path)?.[1]).filter(Boolean).map(Number);

test('a part of the list is asked for once, two pages at a time', async () => {
  deeds['album-show']({ who: GRID, from: 0, to: 450 });
  deeds['album-show']({ who: GRID, from: 0, to: 450 });
  assert.deepEqual(asked(), [0, 100]);
  await settle();
  await settle();
  await settle();
  assert.deepEqual(asked(), [0, 100, 200, 300, 400]);
  assert.equal(album().images[449].id, 'p449');
  deeds['album-show']({ who: TRAY, from: 0, to: 4 });
  assert.equal(requested.length, 5);
});

test('what nobody shows any more is not asked for', async () => {
  const viewer = { isConnected: true };
  deeds['album-show']({ who: viewer, from: 500, to: 502 });
  await settle();
  viewer.isConnected = false;
  store.dispatch({ type: 'state', state: {} });
  deeds['album-show']({ who: GRID, from: 0, to: 50 });
  await settle();
  assert.deepEqual(asked(), [500, 0]);
});

test('nothing is asked for before there is somebody to ask', async () => {
  store.dispatch({ type: 'connection', connection: 'unreachable' });
  deeds['album-show']({ who: GRID, from: 0, to: 50 });
  assert.deepEqual(requested, []);
  store.dispatch({ type: 'state', state: {} });
  deeds['album-show']({ who: GRID, from: 0, to: 50 });
  await settle();
  assert.equal(album().images[49].id, 'p49');
});

test('who scrolls on gets what is seen now, not what was passed by', async () => {
  deeds['album-show']({ who: GRID, from: 0, to: 250 });
  deeds['album-show']({ who: GRID, from: 900, to: 950 });
  await settle();
  await settle();
  assert.deepEqual(asked(), [0, 100, 900]);
});

test('a request that failed is told, and not tried at every turn', async () => {
  answers['GET /api/images?offset=0&limit=100'] = () => {
    throw new Error('no disk');
  };
  deeds['album-show']({ who: GRID, from: 0, to: 4 });
  await settle();
  deeds['album-show']({ who: GRID, from: 0, to: 4 });
  assert.deepEqual([asked(), told], [[0], ['no disk']]);
});

test('a picture that is looked for and not there is known to be absent', async () => {
  answers['GET /api/images?around=nope&limit=100'] = () => {
    throw new Problem('there is no image', 'not-found');
  };
  answers['GET /api/images?around=late&limit=100'] = () => {
    throw new Problem('the microscope cannot be reached');
  };
  deeds['album-find']({ id: 'late' });
  await settle();
  assert.equal(album().absent, null);
  deeds['album-find']({ id: 'nope' });
  await settle();
  assert.equal(album().absent, 'nope');
  assert.deepEqual(told, ['the microscope cannot be reached'], 'what is absent is said in its place');
});

test('a still is taken in its format; a failed one is told', async () => {
  answers['POST /api/camera/still'] = () => record(1);
  deeds['capture-still']({ format: 'png' });
  assert.ok(album().taking);
  assert.deepEqual(requested, [['POST', '/api/camera/still', { format: 'png' }]]);
  await settle();
  assert.deepEqual([album().taking, album().taken.id], [false, 'p1']);
  answers['POST /api/camera/still'] = () => {
    throw new Error('disk full');
  };
  deeds['capture-still']({ format: 'png' });
  await settle();
  assert.deepEqual([album().taking, album().taken.id, told], [false, 'p1', ['disk full']]);
});

test('what is deleted can be undone', async () => {
  answers['POST /api/images/delete'] = () => ({ deleted: ['a'], missing: ['b'], restorable_s: 1800 });
  deeds['album-delete']({ ids: ['a', 'b'] });
  await settle();
  assert.deepEqual(album().deleted, ['a']);
  answers['POST /api/images/restore'] = () => ({ restored: [record(1)], missing: [] });
  deeds['album-restore']({ ids: ['a'] });
  await settle();
  assert.deepEqual([album().deleted, told], [[], []]);
  answers['POST /api/images/restore'] = () => ({ restored: [], missing: ['a'] });
  deeds['album-restore']({ ids: ['a'] });
  await settle();
  assert.equal(told.length, 1);
});

test('all that is in the trash is brought back', async () => {
  answers['GET /api/images/trash'] = () => [{ id: 'a' }, { id: 'b' }];
  answers['POST /api/images/restore'] = () => ({ restored: [], missing: [] });
  deeds['album-restore-all']();
  await settle();
  assert.deepEqual(requested.at(-1), ['POST', '/api/images/restore', { ids: ['a', 'b'] }]);
});

test('a long row of pictures is chosen by their names', async () => {
  answers['GET /api/images/ids?offset=10&limit=3'] = () => ({ ids: ['x', 'y', 'z'] });
  deeds['album-select-range']({ from: 10, to: 13 });
  await settle();
  assert.deepEqual([...album().selected], ['x', 'y', 'z']);
  deeds['album-select']({ ids: ['y'], on: false });
  assert.deepEqual([...album().selected], ['x', 'z']);
  deeds['album-select-none']();
  assert.equal(album().selected.size, 0);
});

test('a title goes to the microscope, facts come from it', async () => {
  deeds['album-describe']({ id: 'a', title: 'Pollen' });
  assert.deepEqual(requested.at(-1), ['PATCH', '/api/images/a', { title: 'Pollen', note: undefined }]);
  answers['GET /api/images/a/facts'] = () => ({ id: 'a', model: 'imx219' });
  deeds['album-facts']({ id: 'a' });
  await settle();
  assert.equal(album().facts.model, 'imx219');
});

test('a zip that cannot be had is told', async () => {
  answers['POST /api/images/zips'] = () => {
    throw new Error('no such picture');
  };
  deeds['album-zip']({ ids: ['a'] });
  assert.equal(album().working, 'zip');
  await settle();
  assert.deepEqual([album().working, told], [null, ['no such picture']]);
});

test('a picture is shared as a JPEG of its name; who thinks better of it has not failed', async (t) => {
  const shared = [];
  let share = async ({ files }) => shared.push(...files);
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { share: (what) => share(what) }, configurable: true });
  t.after(() => (own ? Object.defineProperty(globalThis, 'navigator', own) : delete globalThis.navigator));
  answers['GET /api/images/p1/preview'] = () => new Blob(['picture']);
  const image = { ...record(1), title: 'Leaf/stem', media_type: 'image/tiff' };
  deeds['album-share']({ image });
  assert.equal(album().working, 'share');
  await settle();
  const [{ name, type, size }] = shared;
  assert.deepEqual([name, type, size, album().working, told], ['Leaf-stem.jpg', 'image/jpeg', 7, null, []]);
  share = async () => Promise.reject(new DOMException('', 'AbortError'));
  deeds['album-share']({ image });
  await settle();
  assert.deepEqual([album().working, told], [null, []]);
  answers['GET /api/images/p1'] = () => {
    throw new Error('the microscope does not answer');
  };
  deeds['album-share']({ image: { ...image, media_type: 'image/jpeg' } });
  await settle();
  assert.deepEqual([album().working, told], [null, ['the microscope does not answer']]);
});
