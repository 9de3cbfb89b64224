import { LitElement, html } from 'lit';

import './ask-dialog.js';
import { accessStyles } from './access-styles.js';
import { ROLES, may } from './access-state.js';
import { agentName } from './agents.js';
import { controls, want } from './controls.js';
import { fields } from './fields.js';
import { t } from './settings-text.js';
import { INITIAL } from './store.js';

const INVITATION_MINUTES = 15;
/** How many may use one invitation: one, or a class. */
const USES = [1, 40];

/** Who this browser is; for owners everybody else, and how more are let in; tokens for scripts. */
export class AccessSettings extends LitElement {
  static properties = {
    state: { attribute: false },
    inviting: { state: true },
    uses: { state: true },
    tokenRole: { state: true },
    ending: { state: true },
  };

  static styles = [controls, fields, accessStyles];

  constructor() {
    super();
    this.state = INITIAL;
    /** For whom the next invitation is. @type {import('./access-state.js').Role} */
    this.inviting = 'operator';
    this.uses = 1;
    /** @type {import('./access-state.js').Role} */
    this.tokenRole = 'viewer';
    /** Whose end is asked about. @type {{id: string, name: string, kind: 'person' | 'token'} | null} */
    this.ending = null;
    /** Whose facts were asked for last. */
    this.loadedFor = '';
  }

  updated() {
    const { access } = this.state;
    const asker = `${access?.id} ${access?.role}`;
    if (!access?.role || this.loadedFor === asker) return;
    this.loadedFor = asker;
    want(this, { type: 'access-load' });
  }

  render() {
    const { access } = this.state;
    if (!access) return null;
    if (!access.auth) return html`<p>${t('access.open')}</p>`;
    return html`
      ${this.renderMe(access)} ${may(this.state, 'owner') ? this.renderPeople(access) : null}
      ${may(this.state, 'operator') ? this.renderTokens() : null} ${this.renderEnding()}
    `;
  }

  /** @param {import('./access-state.js').AccessSection} access */
  renderMe({ kind, name, role }) {
    const who = kind === 'guest' ? t('access.guest') : t('access.you-are', { name: name ?? '', role: roleName(role) });
    return html`<div class="row">
      <p>${who}</p>
      ${kind === 'session'
        ? html`<button @click=${() => want(this, { type: 'access-leave' })}>${t('access.leave')}</button>`
        : null}
    </div>`;
  }

  /** @param {import('./access-state.js').AccessSection} access */
  renderPeople({ guests }) {
    const { people } = this.state.local.access;
    return html`
      <section aria-labelledby="people">
        <h3 id="people">${t('access.people')}</h3>
        <ul>
          ${people.map((person) => this.renderPerson(person))}
        </ul>
        <button aria-pressed=${guests} @click=${() => want(this, { type: 'access-guests', allowed: !guests })}>
          ${t(guests ? 'access.guests-on' : 'access.guests-off')}
        </button>
      </section>
      <section aria-labelledby="invite">
        <h3 id="invite">${t('access.invite')}</h3>
        ${renderRoles(t('access.invite-as'), ROLES, this.inviting, (role) => (this.inviting = role))}
        <div class="choices" role="group" aria-label=${t('access.invite-uses')}>
          ${USES.map(
            (uses) =>
              html`<button aria-pressed=${uses === this.uses} @click=${() => (this.uses = uses)}>
                ${t('access.uses', { count: uses })}
              </button>`,
          )}
        </div>
        <button class="go" @click=${this.invite}>${t('access.invite-go')}</button>
        ${this.renderInvitation()} ${this.renderInvitations()}
      </section>
    `;
  }

  invite() {
    want(this, { type: 'access-invite', role: this.inviting, minutes: INVITATION_MINUTES, uses: this.uses });
  }

  /** @param {import('./access-state.js').Person} person */
  renderPerson({ id, name, role, agent, you }) {
    return html`<li>
      <span class="name">${name} <small>${you ? t('access.you') : agentName(agent)}</small></span>
      <label>
        <span class="spoken">${t('access.role-of', { name })}</span>
        <select
          ?disabled=${you}
          @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) => {
            want(this, { type: 'access-change', id, change: { role: target.value } });
            target.value = role; // until the server says so
          }}
        >
          ${ROLES.map((each) => html`<option value=${each} .selected=${each === role}>${roleName(each)}</option>`)}
        </select>
      </label>
      <button
        ?disabled=${you}
        aria-label=${t('access.end-of', { name })}
        @click=${() => (this.ending = { id, name, kind: 'person' })}
      >
        ${t('access.end')}
      </button>
    </li>`;
  }

  renderInvitation() {
    const { invitation } = this.state.local.access;
    if (!invitation) return null;
    const { pin, link, role, qr_svg } = invitation;
    return html`<div class="invitation" role="status">
      <p>${t('access.invitation', { role: roleName(role), minutes: INVITATION_MINUTES })}</p>
      <img src=${pictureOf(qr_svg)} alt=${t('access.qr', { link })} width="220" height="220" />
      <p class="secret">${pin.slice(0, 4)} ${pin.slice(4)}</p>
      <p class="link">${link}</p>
      <button @click=${() => want(this, { type: 'access-forget' })}>${t('access.hide')}</button>
    </div>`;
  }

  renderInvitations() {
    const { invitations } = this.state.local.access;
    return html`<ul>
      ${invitations.map(
        ({ id, role, uses_left, seconds_left }) =>
          html`<li>
            <span class="name">
              ${t('access.open-invitation', {
                role: roleName(role),
                uses: uses_left,
                minutes: Math.ceil(seconds_left / 60),
              })}
            </span>
            <button @click=${() => want(this, { type: 'access-take-back', id })}>${t('access.take-back')}</button>
          </li>`,
      )}
    </ul>`;
  }

  renderTokens() {
    const { tokens, token } = this.state.local.access;
    const offered = ROLES.filter((role) => may(this.state, role));
    return html`<section aria-labelledby="tokens">
      <h3 id="tokens">${t('access.tokens')}</h3>
      <p>${t('access.tokens-text')}</p>
      <ul>
        ${tokens.map(
          ({ id, name, role, made_by }) =>
            html`<li>
              <span class="name">${name} <small>${roleName(role)} · ${made_by}</small></span>
              <button
                aria-label=${t('access.end-of', { name })}
                @click=${() => (this.ending = { id, name, kind: 'token' })}
              >
                ${t('access.end')}
              </button>
            </li>`,
        )}
      </ul>
      <form @submit=${this.makeToken}>
        <label>
          ${t('access.token-name')}
          <input id="token-name" maxlength="40" required autocomplete="off" />
        </label>
        ${renderRoles(t('access.token-role'), offered, this.tokenRole, (role) => (this.tokenRole = role))}
        <button>${t('access.token-make')}</button>
      </form>
      ${token
        ? html`<div class="invitation" role="status">
            <p>${t('access.token-once')}</p>
            <p class="link">${token.token}</p>
            <button @click=${() => want(this, { type: 'access-forget' })}>${t('access.hide')}</button>
          </div>`
        : null}
    </section>`;
  }

  /** @param {SubmitEvent} event */
  makeToken(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('#token-name'));
    want(this, { type: 'access-make-token', name: input.value, role: this.tokenRole });
    input.value = '';
  }

  renderEnding() {
    const { ending } = this;
    return html`<ask-dialog
      ?open=${!!ending}
      heading=${t('access.end-title', { name: ending?.name ?? '' })}
      action=${t('access.end')}
      @cancel=${() => (this.ending = null)}
      @action=${() => {
        this.ending = null;
        if (ending) want(this, { type: ending.kind === 'person' ? 'access-end' : 'access-end-token', id: ending.id });
      }}
    >
      <p>${t(ending?.kind === 'token' ? 'access.end-token-text' : 'access.end-text')}</p>
    </ask-dialog>`;
  }
}

/** @param {import('./access-state.js').Role | null} role */
export function roleName(role) {
  return role ? t(`access.role-${role}`) : '';
}

/**
 * @param {string} label
 * @param {import('./access-state.js').Role[]} roles
 * @param {import('./access-state.js').Role} chosen
 * @param {(role: import('./access-state.js').Role) => void} choose
 */
function renderRoles(label, roles, chosen, choose) {
  return html`<div class="choices" role="group" aria-label=${label}>
    ${roles.map(
      (role) =>
        html`<button type="button" aria-pressed=${role === chosen} @click=${() => choose(role)}>${roleName(role)}</button>`,
    )}
  </div>`;
}

/** The QR code as an address that an image takes. @param {string} svg */
function pictureOf(svg) {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

customElements.define('access-settings', AccessSettings);
