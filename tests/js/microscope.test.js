import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';

import { PAUSE_MS } from '../../app/page/latest.js';
import { Microscope } from '../../app/page/microscope.js';
import { MORE_DEEDS } from '../../app/page/more-deeds.js';
import { Store } from '../../app/page/store.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

let store;
let server;
let socket;
let sent;
let requested;
let answer;
let serverTime;
let microscope;

beforeEach(() => {
  serverTime = () => null;
  sent = [];
  requested = [];
  answer = async () => ({});
  server = new EventEmitter();
  socket = {
    connected: true,
    on: server.on.bind(server),
    emit: (...event) => sent.push(event),
    connect: () => sent.push(['connect']),
    timeout: () => ({
      emitWithAck: async (event) => {
        if (event === 'clock') return serverTime();
        sent.push([event]);
        return { ok: true };
      },
    }),
  };
  store = new Store();
  microscope = new Microscope(socket, store, (method, path, body) => {
    requested.push([method, path, body]);
    return answer(path);
  });
  microscope.learn(MORE_DEEDS);
});

afterEach(() => microscope.clock.stop());

test('signals and state reach the store', async () => {
  server.emit('state', JSON.stringify({ light: { on: true, brightness: 0.5 } }));
  server.emit('signal', JSON.stringify({ name: 'light_changed', args: { p0: { on: false, brightness: 0.5 } } }));
  await settle();
  assert.equal(store.state.light.on, false);
});

test('frames go to the view; the store hears of their exposure, but not of each', () => {
  const frames = [];
  let changes = 0;
  microscope.onframe = (metadata) => frames.push(metadata.frame_id);
  store.onchange = () => (changes += 1);
  const told = { exposure_us: 500, gain: 2, red_gain: null };
  for (const frame_id of [1, 2, 3]) server.emit('frame', [{ frame_id, ...told }, new ArrayBuffer(1)]);
  assert.deepEqual(frames, [1, 2, 3]);
  assert.deepEqual(store.state.frame, { frame_id: 1, ...told });
  assert.equal(changes, 1);
});

test('an acknowledgement names the frame, and its times as soon as the server clock is known', async () => {
  microscope.acknowledge({ frameId: 7, receivedMs: 1000, paintedMs: 1020 });
  serverTime = () => performance.now() / 1000 + 1_700_000_000;
  server.emit('connect');
  await settle();
  microscope.acknowledge({ frameId: 8, receivedMs: 1000, paintedMs: 1020 });
  microscope.acknowledge({ frameId: 9, receivedMs: 1000 });
  const [unknown, known, givenUp] = JSON.parse(JSON.stringify(sent));
  assert.deepEqual(unknown, ['frame_ack', { frame_id: 7 }]);
  assert.ok(Math.abs(known[1].received_at - 1_700_000_001) < 0.5);
  assert.ok(Math.abs(known[1].painted_at - known[1].received_at - 0.02) < 0.001);
  assert.deepEqual(givenUp[1], { frame_id: 9, received_at: known[1].received_at });
});

test('a frame of a lost connection is not acknowledged to the next one', () => {
  socket.connected = false;
  microscope.acknowledge({ frameId: 7, receivedMs: 1000, paintedMs: 1020 });
  assert.deepEqual(sent, []);
});

test('changes of several lamps that wait go together, each lamp with all that was wanted of it', async () => {
  const lamp = (id, change) => microscope.act({ type: 'lamp-set', change: { channels: { [id]: change } } });
  lamp('white', { brightness: 0.1 });
  lamp('white', { brightness: 0.2 });
  lamp('red', { on: true });
  lamp('red', { brightness: 0.7 });
  microscope.act({ type: 'lamp-set', change: { on: true } });
  await new Promise((resolve) => setTimeout(resolve, 2 * PAUSE_MS));
  assert.deepEqual(requested, [
    ['PATCH', '/api/light', { channels: { white: { brightness: 0.1 } } }],
    ['PATCH', '/api/light', { on: true, channels: { white: { brightness: 0.2 }, red: { on: true, brightness: 0.7 } } }],
  ]);
});

test('the size that this viewer wants is asked for now and on every new connection', () => {
  microscope.act({ type: 'camera-look', look: { size: 'reduced' } });
  server.emit('connect');
  microscope.show(false);
  microscope.act({ type: 'camera-look', look: { size: 'full' } });
  microscope.show(true);
  const asked = (size) => ['subscribe', 'live', { size }];
  assert.deepEqual(sent, [asked('reduced'), asked('reduced'), ['unsubscribe'], ['unsubscribe'], asked('full')]);
});

test('frames are told to those who watch, before the view may give them away', () => {
  const until = new AbortController();
  const told = [];
  microscope.act({ type: 'frame-watch', watcher: (metadata) => told.push(metadata.frame_id), signal: until.signal });
  microscope.onframe = ({ frame_id }) => told.push(`view ${frame_id}`);
  server.emit('frame', [{ frame_id: 1 }, new ArrayBuffer(1)]);
  until.abort();
  server.emit('frame', [{ frame_id: 2 }, new ArrayBuffer(1)]);
  assert.deepEqual(told, [1, 'view 1', 'view 2']);
});

test('while the camera does something by itself, it is said what', async () => {
  microscope.act({ type: 'camera-action', action: 'white-balance' });
  assert.equal(store.state.local.camera.busy, 'white-balance');
  await settle();
  assert.equal(store.state.local.camera.busy, null);
});

test('a refusal becomes a message, and the setting falls back', async () => {
  server.emit('state', JSON.stringify({ light: { on: true, brightness: 0.5 } }));
  answer = async () => {
    throw new Error('too bright');
  };
  microscope.act({ type: 'lamp-set', change: { brightness: 1 } });
  assert.deepEqual(store.state.local.lamp.wanted, { brightness: 1 });
  await settle();
  assert.deepEqual(store.state.local.lamp.wanted, {});
  assert.ok(store.state.local.messages.some((message) => message.text === 'too bright'));
});

test('a failed still ends', async () => {
  answer = async () => {
    throw new Error('disk full');
  };
  microscope.act({ type: 'capture-still', format: 'png' });
  assert.ok(store.state.local.album.taking);
  await settle();
  assert.ok(!store.state.local.album.taking);
  assert.equal(store.state.local.messages[0].text, 'disk full');
});

test('a hidden page leaves the stream, also on a new connection, and comes back', () => {
  microscope.show(false);
  server.emit('connect');
  microscope.show(true);
  server.emit('connect');
  assert.deepEqual(sent, [['unsubscribe'], ['unsubscribe'], ['subscribe', 'live', { size: 'auto' }]]);
});

test('a goodbye of the server is not final', () => {
  server.emit('disconnect', 'transport close');
  assert.deepEqual([store.state.connection, sent], ['reconnecting', []]);
  server.emit('disconnect', 'io server disconnect');
  assert.deepEqual(sent, [['connect']]);
});

test('a stop is sent at once', () => {
  microscope.act({ type: 'stage-stop' });
  socket.connected = false;
  microscope.act({ type: 'stage-stop' });
  assert.deepEqual([sent, requested], [[['stop']], [['POST', '/api/stage/stop', undefined]]]);
});

test('a restore sends the file, restarts, and says what was taken', async () => {
  const file = new Blob(['zip']);
  const files = ['new', 'changed', 'same', 'kept'].map((change) => ({ name: `${change}.json`, change }));
  answer = async () => ({ files, restart_needed: true });
  microscope.act({ type: 'upkeep-restore', file });
  assert.equal(store.state.local.upkeep.restore.busy, true);
  await settle();
  assert.deepEqual(requested, [
    ['POST', '/api/restore', file],
    ['POST', '/api/restart', undefined],
  ]);
  assert.deepEqual(store.state.local.upkeep.restore, { text: 'Restored: new.json, changed.json.', busy: false, wrong: false });
});

test('a restore that would change nothing restarts nothing', async () => {
  answer = async () => ({ files: [{ name: 'a.json', change: 'same' }], restart_needed: false });
  microscope.act({ type: 'upkeep-restore', file: new Blob([]) });
  await settle();
  assert.equal(requested.length, 1);
  assert.match(store.state.local.upkeep.restore.text, /already/);
});

test('a restore that is refused says why, and restarts nothing', async () => {
  answer = async () => {
    throw new Error('microscope.toml:3: unknown key');
  };
  microscope.act({ type: 'upkeep-restore', file: new Blob([]) });
  await settle();
  assert.equal(requested.length, 1);
  assert.deepEqual(store.state.local.upkeep.restore, {
    text: 'Not restored: microscope.toml:3: unknown key',
    busy: false,
    wrong: true,
  });
});

test('what the camera is to do by itself is asked of the server, and a refusal is shown', async () => {
  microscope.act({ type: 'camera-action', action: 'white-balance' });
  await settle();
  assert.deepEqual(requested.at(-1).slice(0, 2), ['POST', '/api/camera/white-balance']);
  answer = async () => {
    throw new Error('the field is too dark');
  };
  microscope.act({ type: 'camera-action', action: 'reset' });
  await settle();
  assert.deepEqual(store.state.local.messages.map((message) => message.text), ['the field is too dark']);
});

test('an intent that nobody knows is a mistake of the page, and said so', () => {
  assert.throws(() => microscope.act({ type: 'stage-dance' }), /stage-dance/);
});
