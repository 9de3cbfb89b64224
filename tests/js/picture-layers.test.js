import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { FITTED } from '../../app/page/field-view.js';
import { PictureLayers } from '../../app/page/picture-layers.js';
import { Specimen } from '../../app/page/specimen.js';

const pane = { width: 800, height: 450, aspect: 16 / 9 };
const PART = { x: 0.5, y: 0.25, size: 0.25 };
const specimenIn = ({ position }) => new Specimen(position, { x_um: 320, y_um: 0 }, { x_um: 0, y_um: 180 });

let canvases;
let layers;

function canvas() {
  const found = { width: 1, height: 1, style: {}, holds: null };
  found.getContext = () => ({ transferFromImageBitmap: (bitmap) => (found.holds = bitmap.name) });
  return found;
}

beforeEach(() => {
  canvases = [canvas(), canvas()];
  layers = new PictureLayers(...canvases);
});

function show(name, zoom, x_um = 0, scales = specimenIn) {
  layers.show({ zoom, position: { x_um, y_um: 0, z_um: 0 } }, { name, width: 1280, height: 720 });
  layers.place(FITTED, pane, scales);
}

const WHOLE = { x: 0, y: 0, size: 1 };
const back = () => canvases.find((one) => one !== layers.canvas);
const place = ({ style }) => style.transform.match(/[-\d.]+/g).map(Number);

test('a picture of the whole field fills it, and there is nothing below', () => {
  show('one', WHOLE);
  show('two', WHOLE);
  assert.equal(layers.canvas.holds, 'two');
  assert.deepEqual(place(layers.canvas), [0.625, 0, 0, 0.625, 0, 0]);
  assert.equal(back().hidden, true);
});

test('a picture of a part lies in its place, above the last one of the whole', () => {
  show('whole', WHOLE);
  show('part', PART);
  assert.deepEqual([layers.canvas.holds, back().holds, back().hidden], ['part', 'whole', false]);
  assert.deepEqual(place(layers.canvas), [0.15625, 0, 0, 0.15625, 400, 112.5]);
  assert.deepEqual([layers.canvas.className, layers.canvas.hidden], ['front', false]);
  show('other part', { ...PART, x: 0.1 });
  assert.deepEqual([layers.canvas.holds, back().holds], ['other part', 'whole']);
  show('whole again', WHOLE);
  assert.deepEqual([layers.canvas.holds, back().hidden], ['whole again', true]);
});

test('what lies below goes with the stage, or goes where it is not known how far', () => {
  show('whole', WHOLE);
  show('part', PART, 32);
  // A tenth of the field to the right: what was seen lies that much further left.
  assert.deepEqual(place(back()).slice(4).map(Math.round), [-80, 0]);
  show('part', PART, 64, () => null);
  assert.equal(back().hidden, true);
  show('part', PART, 0, () => null);
  assert.equal(back().hidden, false);
});
