/** A tapped message opens its screen in the app that already runs: as a link inside the app does, nothing is reloaded. */
import { go } from "../router.svelte";

/** Listen to the service worker until the returned function is called. */
export function openFromMessages(): () => void {
  if (!("serviceWorker" in navigator)) return () => undefined;
  const opened = (event: MessageEvent<{ type?: string; path?: string } | null>): void => {
    if (event.data?.type === "open" && event.data.path?.startsWith("/")) go(event.data.path);
  };
  navigator.serviceWorker.addEventListener("message", opened);
  return () => navigator.serviceWorker.removeEventListener("message", opened);
}
