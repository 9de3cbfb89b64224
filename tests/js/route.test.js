import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VIEWS, hrefOf, routeOf } from '../../app/page/route.js';

test('every view has an address that leads back to it, with what is shown in it', () => {
  for (const view of VIEWS) assert.equal(routeOf(hrefOf(view)).view, view);
  assert.deepEqual(routeOf(hrefOf('gallery', 'abc/zoom')), { view: 'gallery', path: 'abc/zoom' });
});

test('what is no view is the live picture', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#/constructor']) {
    assert.deepEqual(routeOf(hash), { view: 'live', path: '' });
  }
});
