/**
 * Who this browser is to the microscope (`state.access`, the server's section), and what the page knows of others:
 * people, invitations and tokens, which are asked for when they are looked at.
 */

/**
 * @typedef {'viewer' | 'operator' | 'owner'} Role
 * @typedef {{auth: boolean, guests: boolean, role: Role | null, kind: string | null, id: string | null,
 *   name: string | null}} AccessSection
 * @typedef {{id: string, name: string, role: Role, paired_at: number, agent: string, you: boolean}} Person
 * @typedef {{id: string, role: Role, seconds_left: number, uses_left: number}} Invitation
 * @typedef {Invitation & {pin: string, link: string, qr_svg: string}} NewInvitation
 * @typedef {{id: string, name: string, role: Role, made_at: number, made_by: string}} Token
 * @typedef {Token & {token: string}} NewToken
 * @typedef {{
 *   unpaired: boolean,
 *   pairing: boolean,
 *   problem: string,
 *   waitUntilMs: number,
 *   people: Person[],
 *   invitations: Invitation[],
 *   invitation: NewInvitation | null,
 *   tokens: Token[],
 *   token: NewToken | null,
 * }} AccessLocal `unpaired`: the microscope does not let this browser in; `waitUntilMs`: no PIN is looked at before, by
 *   `performance.now()`; `invitation` and `token` are those just made, whose secrets are shown once
 */

/** Each may all that those before it may. @type {Role[]} */
export const ROLES = ['viewer', 'operator', 'owner'];

/** @type {AccessLocal} */
export const INITIAL = Object.freeze({
  unpaired: false,
  pairing: false,
  problem: '',
  waitUntilMs: 0,
  people: [],
  invitations: [],
  invitation: null,
  tokens: [],
  token: null,
});

/**
 * @param {AccessLocal} slice
 * @param {any} happening
 * @returns {AccessLocal}
 */
export function reduce(slice, happening) {
  switch (happening.type) {
    case 'state':
      return slice.unpaired || slice.pairing ? { ...slice, unpaired: false, pairing: false, problem: '' } : slice;
    case 'access-unpaired':
      // What was known belonged to whoever was here before.
      return { ...INITIAL, unpaired: true, problem: slice.problem, waitUntilMs: slice.waitUntilMs };
    case 'access-pairing':
      return { ...slice, pairing: true, problem: '' };
    case 'access-refused':
      return { ...slice, pairing: false, problem: happening.text, waitUntilMs: happening.waitUntilMs };
    case 'access-known':
      return { ...slice, ...happening.known };
    default:
      return slice;
  }
}

/** Whether this browser may what takes that role; before the server said who it is, it may not. */
export function may(/** @type {{access: AccessSection | null}} */ { access }, /** @type {Role} */ needed) {
  return !!access?.role && ROLES.indexOf(access.role) >= ROLES.indexOf(needed);
}
