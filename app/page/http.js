/** Requests to the server, and its refusals as errors that can be shown. */

import { Problem, problemOf } from './problems.js';
import { t } from './text.js';

/** Longer than the server waits for a camera or a lamp, so that its own word comes first. */
const TIMEOUT_MS = 20_000;

/**
 * Send a request, `body` as JSON, a file as it is; the answer's JSON, or `null` where it has none.
 *
 * With `keepalive` it outlives the page: a stop is sent even as the page is left. With `asFile` the answer is what it is, a
 * `Blob`. Throws `Problem`.
 *
 * @param {string} method
 * @param {string} path
 * @param {object | Blob} [body]
 * @param {{keepalive?: boolean, timeout_ms?: number, viewer?: string, asFile?: boolean}} [options] `viewer`: who asks,
 *   by its socket
 * @returns {Promise<any>}
 */
export async function request(method, path, body, options = {}) {
  const { keepalive = false, timeout_ms = TIMEOUT_MS, viewer, asFile = false } = options;
  const isFile = body instanceof Blob;
  let response;
  try {
    response = await fetch(path, {
      method,
      keepalive,
      headers: {
        ...(body && { 'Content-Type': isFile ? 'application/zip' : 'application/json' }),
        ...(viewer && { 'X-Viewer': viewer }),
      },
      body: isFile ? body : body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeout_ms),
    });
    if (asFile && response.ok) return await response.blob();
  } catch (error) {
    const late = /** @type {Error} */ (error).name === 'TimeoutError';
    throw new Problem(t(late ? 'connection.late' : 'connection.no-answer'));
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    const code = answer?.type?.replace('urn:eyepiece:', '') ?? '';
    throw problemOf(code, answer ?? {}, answer?.detail ?? t('connection.answered', { status: response.status }));
  }
  return answer;
}

/** `request` in the name of the page with this socket: what it starts ends with it. @returns {typeof request} */
export function requestFor(/** @type {{id?: string}} */ socket) {
  return (method, path, body, options) => request(method, path, body, { ...options, viewer: socket.id });
}
