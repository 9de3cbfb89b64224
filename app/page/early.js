// Before anything is painted: the theme that this browser has chosen, so that nothing flashes. A plain script, since modules
// run too late. The words of the choice are those of theme.js.
(() => {
  const root = document.documentElement;
  let theme = null;
  try {
    theme = localStorage.getItem('eyepiece.theme');
  } catch {
    // forbidden by the browser's settings: the default it is
  }
  if (theme) root.dataset.theme = theme;
  const ground = getComputedStyle(root).getPropertyValue('--ground').trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', ground);
})();
