import { LitElement, css, html, svg } from 'lit';

import { t } from './controls-text.js';
import { want } from './controls.js';
import { mapOf, placeAt } from './map-geometry.js';
import { umPerPicturePx } from './optics-state.js';
import { INITIAL, usable } from './store.js';
import { brief } from './units.js';

/**
 * The stage from above: its limits, a standard slide as if it lay in their middle, the named places, where the stage has
 * been, where it is, what it sees and where it goes. A tap sends it there, at its present focus.
 */
export class StageMap extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = css`
    :host {
      display: block;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      border-radius: var(--radius);
      background: var(--ground);
      touch-action: manipulation;
      cursor: crosshair;
    }
    svg.off {
      opacity: 0.5;
      cursor: default;
    }
    * {
      fill: none;
      vector-effect: non-scaling-stroke;
    }
    .slide {
      fill: var(--raised);
      stroke: var(--line-strong);
    }
    .limits {
      stroke: var(--text-dim);
      stroke-dasharray: 4 3;
    }
    .reached {
      stroke: var(--fault);
      stroke-width: 4;
    }
    .trail {
      stroke: var(--graph);
      stroke-width: 2;
      stroke-linejoin: round;
      opacity: 0.7;
    }
    .place {
      stroke: var(--text-dim);
      stroke-width: 6;
      stroke-linecap: round;
    }
    .field,
    .here {
      stroke: var(--accent);
      stroke-width: 2;
    }
    .target {
      stroke: var(--text);
      stroke-width: 2;
    }
  `;

  constructor() {
    super();
    this.state = INITIAL;
  }

  render() {
    const { stage, local } = this.state;
    const map = mapOf(stage);
    if (!map || !stage) return null;
    const { seen, limits, slide } = map;
    const { x_um, y_um } = stage.position;
    const arm = Math.max(seen.width, seen.height) / 28;
    const { trail, target } = local.stage;
    return html`<svg
      class=${usable(this.state, 'stage') ? '' : 'off'}
      viewBox="${seen.x} ${seen.y} ${seen.width} ${seen.height}"
      role="img"
      aria-label=${this.told()}
      @click=${this.tapped}
    >
      ${box('slide', slide)} ${box('limits', limits)} ${this.renderReached(limits)}
      <polyline class="trail" points=${trail.map((spot) => `${spot.x_um},${spot.y_um}`).join(' ')}></polyline>
      ${this.state.places.map(({ position }) =>
        position.x_um == null || position.y_um == null
          ? null
          : svg`<path class="place" d="M${position.x_um} ${position.y_um}h0" />`,
      )}
      ${this.renderField(arm)}
      <path class="here" d=${cross(x_um, y_um, arm)}></path>
      ${target ? svg`<path class="target" d=${sights(target.x_um, target.y_um, arm)} />` : null}
    </svg>`;
  }

  /** What the camera sees, where that is large enough to be drawn. @param {number} least */
  renderField(least) {
    const { stage, frame } = this.state;
    const um = frame?.width ? umPerPicturePx(this.state, /** @type {any} */ (frame)) : null;
    const [width, height] = [(um ?? 0) * (frame?.width ?? 0), (um ?? 0) * (frame?.height ?? 0)];
    if (!stage || width < least) return null;
    const { x_um, y_um } = stage.position;
    return box('field', { x: x_um - width / 2, y: y_um - height / 2, width, height });
  }

  /** The limits against which something was refused. @param {import('./map-geometry.js').Box} limits */
  renderReached({ x, y, width, height }) {
    const lines = {
      xminimum: `M${x} ${y}v${height}`,
      xmaximum: `M${x + width} ${y}v${height}`,
      yminimum: `M${x} ${y}h${width}`,
      ymaximum: `M${x} ${y + height}h${width}`,
    };
    const edges = this.state.local.stage.refusal?.edges ?? [];
    return edges.map(({ axis, end }) =>
      axis === 'z' ? null : svg`<path class="reached" d=${lines[`${axis}${end}`]} />`,
    );
  }

  /** The map in words. */
  told() {
    const { stage, local } = this.state;
    const { x, y } = stage?.axes ?? {};
    const { x_um = 0, y_um = 0 } = stage?.position ?? {};
    const { target } = local.stage;
    const limits = t('stage.map-spoken', {
      x: brief(x_um, 2),
      y: brief(y_um, 2),
      x_limits: `${brief(x?.limits_um.minimum ?? 0, 2)} … ${brief(x?.limits_um.maximum ?? 0, 2)}`,
      y_limits: `${brief(y?.limits_um.minimum ?? 0, 2)} … ${brief(y?.limits_um.maximum ?? 0, 2)}`,
    });
    return target ? `${limits} ${t('stage.going', { x: brief(target.x_um, 2), y: brief(target.y_um, 2) })}` : limits;
  }

  /** @param {MouseEvent & {currentTarget: SVGElement}} event */
  tapped(event) {
    const map = mapOf(this.state.stage);
    if (!map || !usable(this.state, 'stage')) return;
    want(this, { type: 'stage-go', place: placeAt(map, event.currentTarget.getBoundingClientRect(), event) });
  }
}

/** @param {string} name @param {import('./map-geometry.js').Box} box */
function box(name, { x, y, width, height }) {
  return svg`<rect class=${name} x=${x} y=${y} width=${width} height=${height} />`;
}

/** @param {number} x @param {number} y @param {number} arm */
function cross(x, y, arm) {
  return `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`;
}

/** A circle with a gap to the cross inside. @param {number} x @param {number} y @param {number} arm */
function sights(x, y, arm) {
  const r = 1.6 * arm;
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

customElements.define('stage-map', StageMap);
