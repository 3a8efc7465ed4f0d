/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { syncInBackground } from "../capture/background";
import { keepDeskAtFirstUse } from "./desk";
import { showMessages } from "./push";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

// The shell, by version: what the manifest names is answered from the cache, older versions are removed.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
keepDeskAtFirstUse();

// Every address is a screen of the one page, except what the server itself answers.
registerRoute(new NavigationRoute(createHandlerBoundToURL("index.html"), { denylist: [/^\/(api|schema|ca)(\/|$)/] }));

// The page asks for this after a person agreed and no capture or send is going on (src/shared/update.ts).
self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "skip-waiting") void self.skipWaiting();
});

// The browser believes that there is a line again. A rejection makes it ask again later, by its own back-off.
self.addEventListener("sync", (event) => {
  const sync = event as unknown as SyncEvent;
  if (sync.tag === "outbox") sync.waitUntil(sendOutbox());
});

showMessages();

async function sendOutbox(): Promise<void> {
  if (!(await syncInBackground())) throw new Error("Something still waits for a line.");
}
