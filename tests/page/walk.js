// What a keyboard, a screen reader or a finger meets on the page, in the order of the page, through every shadow root.
(() => {
  /** Children as they are shown: what is put into a slot stands in the slot's place. */
  function* elements(node = document.body) {
    const children = node.shadowRoot?.children ?? (node.localName === 'slot' ? node.assignedElements() : node.children);
    for (const child of node.localName === 'slot' && !children.length ? node.children : children) {
      yield child;
      yield* elements(child);
    }
  }
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const controls = () => [...elements()].filter((element) => element.matches(CONTROLS) && isShown(element));
  const isReached = (element) =>
    !element.disabled &&
    element.tabIndex >= 0 &&
    // Of the radio buttons of a group the one that is chosen.
    !(element.type === 'radio' && !element.checked && element.getRootNode().querySelector(`[name="${element.name}"]:checked`));
  const labelOf = (element) =>
    element.ariaLabel ?? ([...(element.labels ?? [])].map((label) => label.textContent).join(' ') || element.textContent);
  const describe = (element) => `${element.localName} ${labelOf(element).trim().replace(/\s+/g, ' ')}`;
  function focused() {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found;
  }

  return {
    /** What the Tab key should come to, in its order. */
    order: () => controls().filter(isReached).map(describe),
    /** What has the focus, and whether one sees that it has: an outline, on the screen and uncovered. */
    focus() {
      const element = focused();
      if (!element || element === document.body) return null;
      // A list shows it on the picture at which its keys are.
      const active = element.getRootNode().getElementById(element.getAttribute('aria-activedescendant'));
      const { outlineStyle, outlineWidth } = getComputedStyle(active?.querySelector('.frame') ?? element);
      const { left, top, right, bottom } = element.getBoundingClientRect();
      const inside = left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
      return {
        number: controls().filter(isReached).indexOf(element),
        name: describe(element),
        outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        inside: inside || right - left > innerWidth || bottom - top > innerHeight,
      };
    },
    /** Controls that are smaller than so many pixels, links within a text aside; with their size. */
    smallerThan: (px) =>
      controls()
        .filter((element) => !(element.localName === 'a' && element.closest('p, li, td, dd')) && element.tabIndex >= 0)
        .map((element) => ({ element, box: touched(element) }))
        .filter(({ box }) => box.width > 1 && box.height > 1) // not shown before it has the focus
        .filter(({ box }) => box.width < px - 0.5 || box.height < px - 0.5)
        .map(({ element, box }) => `${describe(element)}: ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`),
    /** What moves by itself or takes time to change. */
    moving: () =>
      [...elements()]
        .filter((element) => {
          const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(element);
          const lasts = (times) => times.split(', ').some((time) => parseFloat(time) > 0.01);
          return (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration) || scrollBehavior === 'smooth';
        })
        .map(describe),
    /** What is read out when it changes. */
    live: () =>
      [...elements()]
        .filter((element) => element.matches('[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]'))
        .map((element) => element.textContent.trim()),
  };
  /** Where a finger finds it: its label belongs to it. */
  function touched(element) {
    const boxes = [element, ...(element.labels ?? [])].filter(isShown).map((part) => part.getBoundingClientRect());
    return {
      width: Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left)),
      height: Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top)),
    };
  }
})()
