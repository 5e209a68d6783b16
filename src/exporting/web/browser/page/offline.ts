/**
 * Keeps the page for use without a network. Started once its files are loaded, which are then not loaded twice.
 *
 * @param onReady called when it is kept
 */
export async function keepOffline(onReady: () => void): Promise<void> {
  try {
    await navigator.serviceWorker?.register('service-worker.js');
    if ((await navigator.serviceWorker?.ready)?.active) onReady();
  } catch {
    // The page works as long as its server does: a browser may forbid more, as in a private window.
  }
}
