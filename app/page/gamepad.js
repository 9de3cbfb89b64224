/** A gamepad that drives the stage: left stick over the specimen, right stick or shoulders for the focus. */

import { anyDialogOpen } from './ask-dialog.js';
import { want } from './controls.js';
import { chosenStep, fullSpeed } from './stage-pace.js';
import { speedAt } from './stick.js';
import { usable } from './store.js';

/** @typedef {import('./jogger.js').Distance} Distance */

/** The buttons of the standard mapping (w3.org/TR/gamepad) that go by one step, each with its axis and direction. */
const STEPS = /** @type {[number, 'x' | 'y' | 'z', number][]} */ ([
  [12, 'y', -1],
  [13, 'y', 1],
  [14, 'x', -1],
  [15, 'x', 1],
  [4, 'z', -1],
  [5, 'z', 1],
]);
/** The right one of the four, B or a circle. */
const STOP = 1;
/** Worn sticks do not come back to the middle. */
const DEAD = 0.2;

/**
 * Have the gamepad that was connected, and any later, drive the page's stage. It is looked at in each animation frame
 * while it is there, and not at all else. What is lost as it is pushed, with the view or by a dialog, lets go.
 *
 * @param {HTMLElement & {state: import('./store.js').State, live: boolean}} page
 */
export function driveByGamepad(page) {
  let polling = false;
  let steering = false;
  /** Whether the sticks were at rest since the stage could last not be driven: nothing begins to move by itself. */
  let armed = false;
  /** The pad that was looked at last, by its index. @type {number | undefined} */
  let known;
  /** @type {Set<number>} */
  let pressed = new Set();
  /** The button whose step goes on for as long as it is held. @type {number | null} */
  let held = null;

  const poll = () => {
    const pad = [...navigator.getGamepads()].find((each) => each?.connected && each.mapping === 'standard') ?? null;
    const driving = page.live && !document.hidden && document.hasFocus() && !anyDialogOpen();
    const able = driving && usable(page.state, 'stage');
    press(pad?.buttons ?? [], able);
    const speed = speedOf(pad, page.state);
    // Nor by one that comes, or takes the place of another, with its stick pushed.
    armed = able && pad !== null && ((armed && pad.index === known) || speed === null);
    known = pad?.index;
    steer(armed ? speed : null);
    polling = pad !== null;
    if (polling) requestAnimationFrame(poll);
  };

  /** @param {readonly GamepadButton[]} buttons @param {boolean} able */
  function press(buttons, able) {
    const down = new Set(buttons.flatMap((button, n) => (button.pressed ? [n] : [])));
    const fresh = [...down].filter((n) => !pressed.has(n));
    if (fresh.includes(STOP)) want(page, { type: 'stage-stop' });
    const step = able && STEPS.find(([n]) => fresh.includes(n));
    if (step) {
      const [n, axis, sign] = step;
      held = n;
      const um = sign * chosenStep(page.state, axis === 'z' ? 'z' : 'xy');
      want(page, { type: 'stage-jog', distance: { [`${axis}_um`]: um } });
    } else if (held !== null && !(able && down.has(held))) {
      held = null;
      want(page, { type: 'stage-release' });
    }
    pressed = down;
  }

  /** @param {Distance | null} speed */
  function steer(speed) {
    if (speed) want(page, { type: 'stage-steer', speed, by: 'gamepad' });
    else if (steering) want(page, { type: 'stage-release', by: 'gamepad' });
    steering = speed !== null;
  }

  const begin = () => {
    if (polling) return;
    polling = true;
    requestAnimationFrame(poll);
  };
  window.addEventListener('gamepadconnected', begin);
  // A hidden page is shown no frames, and so does not see that a stick is pushed meanwhile.
  document.addEventListener('visibilitychange', () => (armed = false));
  begin();
}

/**
 * What the sticks say, as a speed; `null` where they are let go.
 *
 * @param {Pick<Gamepad, 'axes'> | null} pad
 * @param {import('./store.js').State} state
 * @returns {Distance | null}
 */
export function speedOf(pad, state) {
  const [x = 0, y = 0, , up = 0] = pad?.axes ?? [];
  const over = speedAt(x, y, fullSpeed(state, 'xy'), DEAD);
  const focus = speedAt(0, up, fullSpeed(state, 'z'), DEAD);
  // Away from one is up.
  const speed = { x_um: over.x, y_um: over.y, z_um: -focus.y || 0 };
  return Object.values(speed).some(Boolean) ? speed : null;
}
