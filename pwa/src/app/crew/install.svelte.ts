/** Installing the app on the home screen, where the browser lets a page ask for it. */

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

let offered = $state.raw<InstallPrompt | null>(null);

/** Called when the app starts: the browser offers it once, long before anybody opens Me. */
export function keepOffer(): void {
  addEventListener("beforeinstallprompt", (event) => {
    // Kept for the button in Me; the browser's own banner would cover the primary action.
    event.preventDefault();
    offered = event as InstallPrompt;
  });
}

export function canInstall(): boolean {
  return offered !== null;
}

export async function install(): Promise<void> {
  await offered?.prompt();
  offered = null;
}

export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches;
}

export function isIos(): boolean {
  return /iPhone|iPad/.test(navigator.userAgent);
}
