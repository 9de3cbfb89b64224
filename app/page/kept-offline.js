/** Has the browser keep the page's files. It does so by HTTPS and on the microscope itself alone. */
export function keepOffline() {
  if (!('serviceWorker' in navigator)) return;
  const register = () =>
    navigator.serviceWorker.register('/service-worker.js').catch(() => {
      // Without it the page only opens later, and not without its microscope.
    });
  // After all that the first picture needs.
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register());
}
