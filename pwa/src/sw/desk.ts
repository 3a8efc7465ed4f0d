/// <reference lib="webworker" />
/**
 * Screens of the desk are kept when they are first used: a phone need not carry them from the start
 * (scripts/first-use.js says which files these are). Their names carry their hash, so what is kept never goes stale.
 */
import { registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope;

const DESK = "desk";

/** Call after the precache has its route, which answers first. */
export function keepDeskAtFirstUse(): void {
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith("/assets/"),
    ({ request }) => fromDesk(request),
  );
  // A new version has other files.
  self.addEventListener("activate", (event) => event.waitUntil(caches.delete(DESK)));
}

async function fromDesk(request: Request): Promise<Response> {
  const kept = await caches.open(DESK);
  const found = await kept.match(request);
  if (found) return found;
  const answer = await fetch(request);
  // A full device shows the screen all the same.
  if (answer.ok) await kept.put(request, answer.clone()).catch(() => undefined);
  return answer;
}
