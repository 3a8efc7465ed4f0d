/**
 * The page's side of the service worker: register it, say when a new version waits, and let it in.
 *
 * Nobody is reloaded unasked. `updateReady` turns true when a new version waits; a screen asks the
 * person and calls `applyUpdate()`. While something holds the app (`holdUpdate`), the update waits.
 */
import { scriptUrl } from "./trusted";
import { writable, type Readable } from "./store";

const ready = writable(false);
/** True while a new version is installed and waits for a yes. */
export const updateReady: Readable<boolean> = ready;

let registration: ServiceWorkerRegistration | undefined;
let holds = 0;
let wanted = false;
let asked = false;

/** Register `/sw.js` in production builds, once, when there is a screen to see; a failure leaves the app online-only. */
export function registerServiceWorker(): void {
  if (asked || !import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  asked = true;
  navigator.serviceWorker.addEventListener("controllerchange", onNewController);
  navigator.serviceWorker
    .register(scriptUrl("/sw.js"), { scope: "/" })
    .then(watch)
    .catch((error: unknown) => console.warn("Service worker not registered", error));
}

/** Take the waiting version and reload; done at once, or when the last hold is given back. */
export function applyUpdate(): void {
  wanted = true;
  letIn();
}

/**
 * Keep updates out while a capture or a send is going on. Returns the function that gives the hold back;
 * calling it twice is harmless.
 */
export function holdUpdate(): () => void {
  holds += 1;
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    holds -= 1;
    letIn();
  };
}

function letIn(): void {
  if (wanted && holds === 0) registration?.waiting?.postMessage({ type: "skip-waiting" });
}

function watch(found: ServiceWorkerRegistration): void {
  registration = found;
  // Without a controller this is the first visit: nothing old is running, so nothing needs a yes.
  if (found.waiting && navigator.serviceWorker.controller) ready.set(true);
  found.addEventListener("updatefound", () => {
    const installing = found.installing;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && navigator.serviceWorker.controller) ready.set(true);
    });
  });
}

function onNewController(): void {
  // Only the tab where somebody said yes reloads here; others are told by `updateReady` staying true.
  if (wanted) location.reload();
}
