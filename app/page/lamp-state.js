/** What the page knows of the light beside the server's section: what its user has set and is not yet confirmed. */

/**
 * @typedef {import('./store.js').LightState} LightState
 * @typedef {{on?: boolean, channels?: Record<string, {on?: boolean, brightness?: number}>}} LightChange as the server
 *   takes it
 * @typedef {{wanted: LightChange}} LampLocal
 */

/** @type {LampLocal} */
export const INITIAL = { wanted: {} };

/** @param {LampLocal} slice @param {import('./store.js').Happening} happening @returns {LampLocal} */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'lamp-wanted':
      return { ...slice, wanted: joined(slice.wanted, happening.change) };
    case 'lamp-settled':
      return { ...slice, wanted: {} };
    default:
      return slice;
  }
}

/** Two changes as one, the later one's word being the last. @param {LightChange} one @param {LightChange} other */
export function joined(one, other) {
  const channels = { ...one.channels };
  for (const [id, change] of Object.entries(other.channels ?? {})) channels[id] = { ...channels[id], ...change };
  return { ...one, ...other, ...(Object.keys(channels).length && { channels }) };
}

/**
 * The light as shown, with at least one channel.
 *
 * @param {import('./store.js').State} state
 * @returns {{on: boolean, channels: import('./store.js').LightChannel[]}}
 */
export function shownLight({ light, local }) {
  const { wanted } = local.lamp;
  const channels = (light?.channels ?? []).map((channel) => ({ ...channel, ...wanted.channels?.[channel.id] }));
  return { on: wanted.on ?? light?.on ?? false, channels };
}
