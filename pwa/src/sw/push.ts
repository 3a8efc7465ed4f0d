/// <reference lib="webworker" />
/** Messages of the server (Web Push): shown as they come, and a tap opens the screen that they name. */

declare const self: ServiceWorkerGlobalScope;

interface Message {
  title: string;
  text: string;
  path: string;
  lang: string;
}

export function showMessages(): void {
  self.addEventListener("push", (event) => event.waitUntil(show(event)));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open((event.notification.data as { path: string }).path));
  });
}

async function show(event: PushEvent): Promise<void> {
  const message = event.data?.json() as Message;
  // The newest message about a screen takes the place of older ones.
  await self.registration.showNotification(message.title, {
    body: message.text,
    lang: message.lang,
    tag: message.path,
    icon: "/icon-192.png",
    data: { path: message.path },
  });
}

/** Bring the app to the front at a path of its own; nothing that came in a message leads elsewhere. */
async function open(path: string): Promise<void> {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) {
    await self.clients.openWindow(url.href);
    return;
  }
  // The page goes there itself: a half-filled form must not be lost to a navigation from outside.
  page.postMessage({ type: "open", path: url.pathname });
  await page.focus();
}
