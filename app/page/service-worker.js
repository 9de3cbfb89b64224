/**
 * Keeps the page's files in the browser: it opens at once, and also where there is no microscope in reach, to say so.
 * Nothing else is ever kept: no state, no figures, no pictures. The server puts `SHELL` before this: which files there
 * are, under names that change with their contents.
 */

/* global SHELL */

const CACHE = `eyepiece-${SHELL.version}`;
/** Where packets are lost nobody answers for a minute: then the page is opened as it was. */
const PATIENCE_MS = 2500;
const PAGES = ['/', '/dashboard'];

self.addEventListener('install', (event) => {
  const keep = caches.open(CACHE).then((cache) => cache.addAll([...PAGES, ...SHELL.files]));
  event.waitUntil(keep.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const forget = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(forget.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && PAGES.includes(pathname)) event.respondWith(newest(request, pathname));
  else if (pathname.startsWith(`${SHELL.base}/`)) event.respondWith(kept(request));
});

/** The page as the server has it, else as it was. */
async function newest(request, pathname) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (problem) {
    const page = await caches.match(pathname, { cacheName: CACHE, ignoreVary: true });
    if (!page) throw problem;
    return page;
  }
}

/** A file whose name never means another. */
async function kept(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}
