/**
 * The connection to the server. It is opened while the rest of the page is still coming, and is there by then; nothing is
 * said by it before the page listens (`socket.connect()`).
 */

import { io } from 'socket.io-client';

export const socket = io({
  path: '/socket.io',
  transports: ['websocket', 'polling'],
  reconnectionDelayMax: 2000,
  autoConnect: false,
});
socket.io.open();
