import assert from 'node:assert/strict';
import { test } from 'node:test';

import { agentName } from '../../app/page/agents.js';

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const AGENTS = {
  'Safari on iPad':
    `Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) ${WEBKIT} Version/16.6 Mobile/15E148 Safari/604.1`,
  'Safari on Mac or iPad':
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/17.4 Safari/605.1.15`,
  'Chrome on Android':
    `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/126.0.0.0 Safari/537.36`,
  'Samsung Internet on Android':
    `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36`,
  'Edge on Windows':
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`,
  'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Chrome on Chromebook':
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/126.0.0.0 Safari/537.36`,
  'Chrome on iPhone':
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${WEBKIT} CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1`,
  VLC: 'VLC/3.0.20 LibVLC/3.0.20',
  'python-requests': 'python-requests/2.32.3',
  '': '',
};

for (const [name, agent] of Object.entries(AGENTS)) {
  test(`${name || 'nothing'} is known by its header`, () => assert.equal(agentName(agent), name));
}
