/** The way in, and what owners decide about others. */

const LINK = /^#\/pair\/([\w-]+)$/;

/**
 * @typedef {{type: 'access-pair', secret: string, name: string}
 *   | {type: 'access-leave'} | {type: 'access-load'}
 *   | {type: 'access-change', id: string, change: {role?: string, name?: string}} | {type: 'access-end', id: string}
 *   | {type: 'access-guests', allowed: boolean}
 *   | {type: 'access-invite', role: string, minutes: number, uses: number} | {type: 'access-take-back', id: string}
 *   | {type: 'access-make-token', name: string, role: string} | {type: 'access-end-token', id: string}
 *   | {type: 'access-forget'}} AccessIntent
 */

/** @param {import('./microscope.js').Context} context @returns {import('./microscope.js').Deeds} */
export function accessDeeds({ socket, store, request, attempt, tell }) {
  const known = (/** @type {object} */ facts) => store.dispatch({ type: 'access-known', known: facts });

  /** A new cookie counts for new connections alone. */
  function connectAnew() {
    socket.disconnect();
    socket.connect();
  }

  /** @param {{secret: string, name: string}} intent */
  async function pair({ secret, name }) {
    store.dispatch({ type: 'access-pairing' });
    try {
      await request('POST', '/api/access/pair', { secret, name });
      connectAnew();
    } catch (problem) {
      const { message, facts } = /** @type {import('./problems.js').Problem} */ (problem);
      const waitUntilMs = performance.now() + 1000 * (facts?.wait_s ?? 0);
      store.dispatch({ type: 'access-refused', text: message, waitUntilMs });
    }
  }

  /** Who has opened a link that lets them in need not type anything. */
  function followLink() {
    const code = LINK.exec(globalThis.location?.hash ?? '')?.[1];
    if (!code) return;
    // It is good once: nobody is to find it in the history.
    history.replaceState(null, '', '#/');
    void pair({ secret: code, name: '' });
  }

  /** Each is asked for by whoever may know it. */
  async function load() {
    const role = store.state.access?.role;
    try {
      if (role === 'owner') {
        const [people, invitations] = await Promise.all([
          request('GET', '/api/access/people'),
          request('GET', '/api/access/invitations'),
        ]);
        known({ people, invitations });
      }
      if (role === 'owner' || role === 'operator') known({ tokens: await request('GET', '/api/access/tokens') });
    } catch (problem) {
      tell(problem);
    }
  }

  /** @type {typeof attempt} */
  async function attemptAndLoad(...call) {
    const done = await attempt(...call);
    await load();
    return done;
  }

  /** @param {string} path @param {object} wanted @param {'invitation' | 'token'} what */
  async function make(path, wanted, what) {
    try {
      known({ [what]: await request('POST', path, wanted) });
    } catch (problem) {
      tell(problem);
    }
    await load();
  }

  socket.on('connect_error', (/** @type {Error & {data?: {code?: string}}} */ error) => {
    if (error.data?.code === 'not-paired') store.dispatch({ type: 'access-unpaired' });
  });
  globalThis.addEventListener?.('hashchange', followLink);
  followLink();

  return {
    'access-pair': pair,
    'access-leave': async () => {
      if (await attempt('POST', '/api/access/leave')) connectAnew();
    },
    'access-load': load,
    'access-change': ({ id, change }) => attemptAndLoad('PATCH', `/api/access/people/${id}`, change),
    'access-end': ({ id }) => attemptAndLoad('DELETE', `/api/access/people/${id}`),
    'access-guests': ({ allowed }) => attempt('PUT', '/api/access/guests', { allowed }),
    'access-invite': ({ role, minutes, uses }) => make('/api/access/invitations', { role, minutes, uses }, 'invitation'),
    'access-take-back': ({ id }) => attemptAndLoad('DELETE', `/api/access/invitations/${id}`),
    'access-make-token': ({ name, role }) => make('/api/access/tokens', { name, role }, 'token'),
    'access-end-token': ({ id }) => attemptAndLoad('DELETE', `/api/access/tokens/${id}`),
    'access-forget': () => known({ invitation: null, token: null }),
  };
}
