import { LitElement, css, html } from 'lit';

import { t } from './dashboard-text.js';
import { known } from './text.js';
import { UNKNOWN, fixed, formatBytes, formatExposure, formatMs } from './units.js';

/** The device threads, and what is known of the machine that they run on. */
export class MachineState extends LitElement {
  static properties = { now: { attribute: false } };

  static styles = css`
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
      gap: var(--space-2);
    }
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      align-content: start;
      margin: 0;
      padding: var(--space-1) var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--panel);
      font-size: 13px;
    }
    dt,
    dd {
      padding: 6px 0;
      border-top: 1px solid var(--line);
    }
    dt:first-of-type,
    dd:first-of-type {
      border-top: 0;
    }
    dt {
      color: var(--text-dim);
    }
    dd {
      margin: 0;
      font-family: var(--figures);
      text-align: right;
    }
    .wrong {
      color: var(--fault);
    }
  `;

  constructor() {
    super();
    /** @type {import('./figures.js').Now | null} */
    this.now = null;
  }

  render() {
    const { now } = this;
    if (!now) return null;
    const { camera, server, board, devices } = now;
    const celsius = board.temperature_c;
    return html`
      ${renderList(t('machine.threads'), Object.entries(devices).sort(byName).map(deviceLine))}
      ${renderList(t('part.server'), [
        { name: t('machine.lag-median'), text: formatMs(server.loop_lag_ms.p50) },
        { name: t('machine.lag-worst'), text: formatMs(server.loop_lag_ms.max) },
        { name: t('machine.slow-callbacks'), text: String(server.slow_callbacks) },
        { name: t('machine.waiting'), text: String(server.bridge_waiting) },
      ])}
      ${renderList(t('machine.board'), [
        { name: t('camera.exposure'), text: camera.exposure_us === null ? UNKNOWN : formatExposure(camera.exposure_us) },
        { name: t('machine.frame'), text: camera.frame_bytes === null ? UNKNOWN : formatBytes(camera.frame_bytes) },
        { name: t('machine.temperature'), text: celsius === null ? t('part.not-told') : `${fixed(celsius, 1)} °C` },
        { name: t('machine.throttled'), text: board.throttled.join(', ') || t('machine.no'), wrong: board.throttled.length > 0 },
      ])}
    `;
  }
}

/** Those whose word in a heading is another: there, a device that is well has none. @type {Record<string, string>} */
const WORDS = { ready: t('machine.ready'), busy: t('machine.busy') };
const DEVICES = ['camera', 'stage', 'light'];

/** In the order of the devices' list. @param {[string, unknown]} one @param {[string, unknown]} other */
function byName([one], [other]) {
  return DEVICES.indexOf(one) - DEVICES.indexOf(other);
}

/** @typedef {{name: string, text: string, wrong?: boolean}} Line */

/** @param {[string, {alive: boolean, status: string}]} device @returns {Line} */
function deviceLine([name, { alive, status }]) {
  return {
    name: known(`device.${name}`) ?? name,
    text: alive ? (WORDS[status] ?? known(`status.${status}`) ?? status) : t('machine.ended'),
    wrong: !alive || status === 'fault',
  };
}

/** @param {string} title @param {Line[]} lines */
function renderList(title, lines) {
  return html`<dl aria-label=${title}>
    ${lines.map(
      ({ name, text, wrong }) =>
        html`<dt>${name}</dt>
          <dd class=${wrong ? 'wrong' : ''}>${text}</dd>`,
    )}
  </dl>`;
}

customElements.define('machine-state', MachineState);
