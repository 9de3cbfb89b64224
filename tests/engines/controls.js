// What of the page can be seen and touched, found as people find it: by role and name, through every shadow root.
(() => {
  const ROLES = { A: 'link', BUTTON: 'button', CANVAS: 'img', DIALOG: 'dialog', IMG: 'img', H1: 'heading', H2: 'heading' };
  const INPUTS = { checkbox: 'checkbox', radio: 'radio', range: 'slider', button: 'button' };

  function* elements(root = document) {
    for (const element of root.querySelectorAll('*')) {
      yield element;
      if (element.shadowRoot) yield* elements(element.shadowRoot);
    }
  }
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const roleOf = (element) =>
    element.getAttribute('role') ??
    (element.tagName === 'INPUT' ? (INPUTS[element.type] ?? 'textbox') : ROLES[element.tagName]);
  const textOf = (nodes) => [...nodes].map((node) => node.textContent).join(' ');
  const nameOf = (element) =>
    (
      element.ariaLabel ??
      (element.alt || textOf(element.labels ?? []) || element.textContent || element.title || '')
    )
      .replace(/\s+/g, ' ')
      .trim();
  const named = (role, name) =>
    [...elements()].filter((element) => roleOf(element) === role && nameOf(element) === name && isShown(element));

  /** The innermost element at a place. */
  function at(x, y) {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot?.elementFromPoint(x, y) && found.shadowRoot.elementFromPoint(x, y) !== found) {
      found = found.shadowRoot.elementFromPoint(x, y);
    }
    return found;
  }
  const isWithin = (inner, outer) => {
    for (let node = inner; node; node = node.parentNode ?? node.host) if (node === outer) return true;
    return false;
  };

  return {
    /** Where to touch what has that role and name, `null` where nothing does, or something lies over it. */
    find(role, name) {
      for (const element of named(role, name)) {
        element.scrollIntoView({ block: 'nearest' });
        const { left, top, width, height } = element.getBoundingClientRect();
        const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
        if (isWithin(at(x, y), element)) return { x, y, left, top, width, height, disabled: !!element.disabled };
      }
      return null;
    },
    /** Every line of text that is shown. */
    lines() {
      const shown = [...elements()].filter((element) => !['STYLE', 'SCRIPT'].includes(element.tagName) && isShown(element));
      const own = (element) => textOf([...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)).trim();
      return shown.map(own).filter((text) => text);
    },
    /** The addresses of the pictures that have come and are shown. */
    pictures() {
      const images = [...elements()].filter((element) => element.tagName === 'IMG' && element.naturalWidth && isShown(element));
      return images.map((image) => image.currentSrc);
    },
  };
})()
