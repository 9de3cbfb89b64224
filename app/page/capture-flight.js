/** How a still that was taken is seen: a short flash, and its thumbnail on the way to the tray. Not where motion is unwanted. */

const FLASH_MS = 260;
const FLIGHT_MS = 550;
/** How much of the window's width the thumbnail has as it sets out. */
const SETS_OUT = 0.34;

/** Whether things may move on the screen. */
function mayMove() {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Once over the whole page, in the colour of its text: red at night. @param {ShadowRoot} root */
export function flash(root) {
  if (!mayMove()) return;
  const light = document.createElement('div');
  light.ariaHidden = 'true';
  light.style.cssText = 'position: fixed; inset: 0; z-index: 30; background: var(--text); pointer-events: none; opacity: 0';
  root.append(light);
  void ended(light, [{ opacity: 0.5 }, { opacity: 0 }], { duration: FLASH_MS, easing: 'ease-out' });
}

/** A picture from the middle of the window to its place. @param {ShadowRoot} root @param {string} url @param {DOMRect} to */
export function fly(root, url, to) {
  if (!mayMove() || !to.width) return;
  const picture = Object.assign(document.createElement('img'), { src: url, alt: '', className: 'flying' });
  picture.style.cssText = `position: fixed; left: ${to.left}px; top: ${to.top}px; width: ${to.width}px;
    height: ${to.height}px; z-index: 31; object-fit: cover; border-radius: 6px; pointer-events: none`;
  root.append(picture);
  const scale = Math.max(1, (SETS_OUT * innerWidth) / to.width);
  const [dx, dy] = [innerWidth / 2 - (to.left + to.width / 2), innerHeight / 2 - (to.top + to.height / 2)];
  const from = { transform: `translate(${dx}px, ${dy}px) scale(${scale})`, opacity: 0.9 };
  void ended(picture, [from, { transform: 'none', opacity: 1 }], { duration: FLIGHT_MS, easing: 'cubic-bezier(.4, 0, .2, 1)' });
}

/** Move an element, then take it away. @param {HTMLElement} element @param {Keyframe[]} frames @param {KeyframeAnimationOptions} how */
async function ended(element, frames, how) {
  try {
    await element.animate(frames, how).finished;
  } catch (error) {
    if (/** @type {Error} */ (error).name !== 'AbortError') throw error; // the panel was taken away meanwhile
  } finally {
    element.remove();
  }
}
