import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HISTORY_S, INITIAL, columns, reduce, since, slowest, verdict, viewerName } from '../../app/page/figures.js';

/** What the server answers at a time, with samples at these times (of a camera whose rate is the time itself). */
function figures(nowS, times = [], rest = {}) {
  return {
    interval_s: 1,
    now: { at: nowS, viewers: [] },
    findings: [],
    history: { at: times, camera_fps: times, latency_ms: times.map(() => null) },
    ...rest,
  };
}

const answer = (...given) => ({ type: 'answer', figures: figures(...given) });
const after = (...happenings) => happenings.reduce(reduce, INITIAL);
const span = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('answers are joined to one history, and what is known is not asked for again', () => {
  const first = after(answer(102, [100, 101]));
  assert.equal(since(INITIAL), undefined);
  assert.equal(since(first), 101);
  const both = reduce(first, answer(104, [102, 103]));
  assert.deepEqual(both.history.at, [100, 101, 102, 103]);
  assert.deepEqual(both.history.camera_fps, [100, 101, 102, 103]);
});

test('a sample that comes twice is kept once', () => {
  const state = after(answer(102, [100, 101]), answer(103, [100, 101, 102]));
  assert.deepEqual(state.history.at, [100, 101, 102]);
});

test('what is older than ten minutes is forgotten', () => {
  const state = after(answer(1000, span(100, 999)), answer(1001, [1000]));
  assert.deepEqual([state.history.at[0], since(state)], [1002 - HISTORY_S, 1000]);
  assert.equal(state.history.camera_fps.length, state.history.at.length);
});

test('a column that an older server does not know is unknown, not missing', () => {
  const state = after(answer(102, [100, 101]));
  assert.deepEqual(state.history.temperature_c, [null, null]);
});

test('a server whose clock was set back begins a new history, and is asked for all of it', () => {
  const before = after(answer(5001, [5000]));
  const state = reduce(before, answer(100, []));
  assert.equal(since(state), undefined);
  assert.deepEqual(reduce(state, answer(101, [99, 100])).history.at, [99, 100]);
});

test('a failure keeps what is known and says why; the next answer ends it', () => {
  const known = after(answer(102, [100, 101]));
  const failed = reduce(known, { type: 'failure', problem: 'no way' });
  assert.deepEqual(failed, { ...known, connection: 'reconnecting', problem: 'no way' });
  const again = reduce(failed, answer(103, [102]));
  assert.deepEqual([again.connection, again.problem, again.history.at.length], ['connected', '', 3]);
});

test('without any answer it is connecting that fails', () => {
  assert.equal(after({ type: 'failure', problem: 'no way' }).connection, 'connecting');
});

test('neither the state nor what happened is changed', () => {
  const state = structuredClone(after(answer(102, [100, 101])));
  const happening = answer(103, [102], { findings: [finding('note'), finding('error')] });
  const before = structuredClone([state, happening]);
  reduce(state, happening);
  assert.deepEqual([state, happening], before);
});

const finding = (severity, about = 'network', code = severity) => ({ about, code, viewer: null, severity, text: code });

test('the worst finding comes first, those alike in the order of the server', () => {
  const alike = [finding('warning', 'server', 'a'), finding('warning', 'camera', 'b')];
  const told = [finding('note'), ...alike, finding('error')];
  const state = after(answer(1, [], { findings: told }));
  assert.deepEqual(state.findings.map(({ code }) => code), ['error', 'a', 'b', 'note']);
});

test('a part does as badly as the worst that is found about it', () => {
  const told = [finding('note', 'camera'), finding('warning', 'camera'), finding('error', 'server')];
  const state = after(answer(1, [], { findings: told }));
  const verdicts = ['camera', 'server', 'encoder'].map((about) => verdict(state, about));
  assert.deepEqual(verdicts, ['warning', 'error', 'well']);
});

test('columns are in seconds before now, and reach just over the span', () => {
  const state = after(answer(1000, span(500, 1000)));
  const [times, fps, latency] = columns(state, ['camera_fps', 'latency_ms'], 60);
  assert.deepEqual([times[0], times.at(-1), times.length], [-60, 0, 61]);
  assert.deepEqual([fps[0], fps.at(-1)], [940, 1000]);
  assert.ok(latency.every((value) => value === null));
});

test('missing samples interrupt the line, a late one does not', () => {
  const state = after(answer(110, [100, 101, 103.5, 108, 109]));
  const [times, fps] = columns(state, ['camera_fps'], 60);
  assert.deepEqual(fps, [100, 101, 103.5, null, 108, 109]);
  assert.ok(times.every((time, n) => n === 0 || time > times[n - 1]));
});

test('columns of nothing are empty', () => {
  assert.deepEqual(columns(INITIAL, ['camera_fps', 'ack_ms'], 600), [[], [], []]);
});

test('a viewer is this tablet where only one has its address', () => {
  const viewers = [
    { id: 'a', address: '10.0.0.1', you: true },
    { id: 'b', address: '10.0.0.2', you: false },
    { id: 'c', address: '', you: false },
  ];
  const names = (those) => those.map(({ id }) => viewerName(those, id));
  assert.deepEqual(names(viewers), ['this tablet', '10.0.0.2', 'c']);
  assert.deepEqual(names([...viewers, { id: 'd', address: '10.0.0.1', you: true }]), [
    '10.0.0.1 · a', '10.0.0.2', 'c', '10.0.0.1 · d',
  ]);
  assert.equal(viewerName(viewers, 'gone'), 'a viewer that has gone');
});

test('the slowest is the largest of what is told', () => {
  assert.deepEqual([slowest([1, null, 30, 2]), slowest([null]), slowest([])], [30, null, null]);
});
