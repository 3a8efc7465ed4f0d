/**
 * Sending from the service worker: the browser wakes it when there is a line again, also when no page is open.
 *
 * Sending needs no key, for what was recorded is signed already. The lock `outbox` is one for pages and worker: while a
 * page sends the worker leaves it to that page, and a page that comes meanwhile waits and finds nothing left to do.
 */
import { db } from "./db";
import { isHeld } from "./locks";
import { recallLanguage } from "./settings";
import { syncNow } from "./sync";

/** One pass. Resolves to whether nothing waits any more that a line alone could move. */
export async function syncInBackground(): Promise<boolean> {
  if (!(await isHeld("outbox"))) {
    await recallLanguage();
    await syncNow();
  }
  const session = await db.session.get("current");
  // Without a session only a person's password helps, and the browser would ask in vain.
  if (!session || session.expired) return true;
  const [acts, files] = await Promise.all([stillWaiting("acts"), stillWaiting("files")]);
  return acts + files === 0;
}

async function stillWaiting(table: "acts" | "files"): Promise<number> {
  return db[table].where("state").anyOf("waiting", "sending").count();
}
