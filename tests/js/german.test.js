import assert from 'node:assert/strict';
import { test } from 'node:test';

// The language is chosen once, as the page is loaded.
globalThis.localStorage = { getItem: (name) => (name === 'eyepiece.language' ? 'de' : null) };
const { language, t } = await import('../../app/page/text.js');
const units = await import('../../app/page/units.js');
const { formatLength, formatMark } = await import('../../app/page/measures.js');
const { coordinateText, parseCoordinate } = await import('../../app/page/coordinates.js');
const { agentName } = await import('../../app/page/agents.js');
const { personName } = await import('../../app/page/control-state.js');
const { problemOf, worded } = await import('../../app/page/problems.js');
const { refusalOf } = await import('../../app/page/refusals.js');
const { parts } = await import('../../app/page/parts.js');
const figures = await import('../../app/page/figures.js');

test('every kind of figure has a comma', () => {
  assert.equal(language, 'de');
  const written = [
    units.fixed(-1.25, 1),
    units.brief(-1.5, 3),
    units.formatUm(-12.36),
    units.formatExposure(1_250_000),
    units.formatGain(2.5),
    units.formatRate(2.5),
    units.formatPart(0.003),
    units.formatBytes(4_200_000),
    units.formatMs(0.44),
    units.formatByteRate(3.1e6),
    formatLength(1500),
    formatMark({ id: 1, kind: 'angle', points: [{ x_um: 1, y_um: 0 }, { x_um: 0, y_um: 0 }, { x_um: 1, y_um: 1 }] }),
    coordinateText(1500, 'mm'),
  ];
  assert.deepEqual(written, [
    '−1,3',
    '−1,5',
    '−12,4',
    '1,25 s',
    '2,5×',
    '2,5 /s',
    '0,3 %',
    '4,20 MB',
    '0,4 ms',
    '3,10 MB/s',
    '1,5 mm',
    '45,0°',
    '1,5',
  ]);
});

test('thousands are not parted: a point there would be read as decimals', () => {
  assert.equal(units.brief(12_345.5, 1), '12345,5');
});

test('what is written is read again as the same', () => {
  assert.equal(units.parseExposure(units.formatExposure(1_250_000)), 1_250_000);
  assert.equal(units.parseGain(units.formatGain(2.5)), 2.5);
  assert.equal(units.parseRate(units.formatRate(2.5)), 2.5);
  for (const um of [0, -0.5, 1234.5, -10_000]) {
    for (const unit of ['µm', 'mm']) assert.equal(parseCoordinate(coordinateText(um, unit), unit), um);
  }
});

test('sentences and the dashboard have the comma too', () => {
  const problem = { code: 'out-of-limits', facts: { axis: 'x', minimum_um: -0.5, maximum_um: 2.25 } };
  const expected = t('stage.refused-outside', { axis: 'x', minimum: '−0,5', maximum: '2,25' });
  assert.equal(refusalOf(problem, { stage: null }, { x_um: 9 }).text, expected);
  const now = { camera: { fps: 29.97, encode_ms: 2.5 }, server: { loop_lag_ms: {} }, board: {}, viewers: [] };
  const shown = parts({ ...figures.INITIAL, now: { ...now, server: { loop_lag_ms: { p99: 1.5 } } } });
  assert.deepEqual(shown.slice(0, 3).map(({ figure }) => figure), ['30,0 B/s', '2,5 ms', '1,5 ms']);
});

test('what the server refuses is said in German, with its figures', () => {
  const range = { reason: 'setting-range', setting: 'gain', minimum: 1, maximum: 22.5 };
  assert.equal(problemOf('invalid-request', range, 'no').message, 'Gain muss von 1,0× bis 22,5× sein.');
  assert.match(problemOf('storage-full', { free_bytes: 3e6, needed_bytes: 7.4e7 }, 'no').message, /3 MB sind frei/);
  assert.match(problemOf('wrong-pin', { reason: 'wrong-pin', wait_s: 1 }, 'no').message, /^Diese PIN gilt nicht/);
  const unnamed = { reason: 'setting-range', setting: 'jpeg_quality', minimum: 1, maximum: 100 };
  assert.equal(problemOf('invalid-request', unnamed, 'so it says').message, 'Diese Angabe geht nicht: so it says');
});

test('a fault, a mistake in a rig file and those of a form are said in German; what a library said stays as it is', () => {
  const said = (facts) => worded(facts, 'so it says');
  assert.equal(said({ reason: 'no-picture', seconds: 2.5 }), 'Innerhalb von 2,5 s kam kein Bild.');
  const lost = { reason: 'port-lost', board: 'Sangaboard', port: '/dev/ttyACM0', cause: 'Input/output error' };
  assert.match(said(lost), /^Sangaboard an \/dev\/ttyACM0 wurde abgezogen, .*: Input\/output error$/);
  assert.equal(said({ reason: 'less_than_equal', key: 'light.pin', le: 27 }), 'light.pin: darf höchstens 27 sein');
  assert.equal(said({ reason: 'odd', key: 'light.pin' }), 'so it says');
  assert.equal(said({}), 'so it says');
  const errors = [
    { key: 'name', what: 'too long', reason: 'string_too_long', max_length: 40 },
    { key: 'z_um', what: 'Odd', reason: 'odd' },
  ];
  const form = problemOf('invalid-request', { errors }, 'no').message;
  assert.equal(form, 'Diese Angabe geht nicht: name: darf höchstens 40 Zeichen haben; z_um: Odd');
});

test('who has no name but the one that the server gave is called in German', () => {
  const said = ['Phone 2', 'Viewer 10', 'A program at 10.0.0.9', 'Ada', 'Phone 2 of Ada'].map(personName);
  assert.deepEqual(said, ['Telefon 2', 'Zuschauer 10', 'Ein Programm von 10.0.0.9', 'Ada', 'Phone 2 of Ada']);
  assert.equal(agentName('Mozilla/5.0 (Linux; Android 10; K) Chrome/126.0.0.0 Safari/537.36'), 'Chrome auf Android');
});
