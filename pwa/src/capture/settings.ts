/** What the screens tell the engine about the reader. */
import { db } from "./db";

export type Language = "zh" | "en";

let language: Language = "zh";
const NAME = "language";

/** The language in which the server words its problems from now on, also to the service worker. */
export function setLanguage(next: Language): void {
  language = next;
  // Losing this costs a sentence in the other language; a full phone must not make noise of it.
  void db.cache.put({ name: NAME, etag: null, value: next, saved_at: new Date().toISOString() }).catch(() => undefined);
}

/** Take the language that a page has set before; for the service worker, which no screen tells. */
export async function recallLanguage(): Promise<void> {
  const kept = (await db.cache.get(NAME))?.value;
  if (kept === "zh" || kept === "en") language = kept;
}

export function acceptLanguage(): string {
  return language === "zh" ? "zh-CN,zh;q=0.9,en;q=0.5" : "en,zh-CN;q=0.5";
}
