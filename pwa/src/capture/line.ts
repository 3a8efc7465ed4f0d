/**
 * What the line is worth. After a transfer that broke it counts as bad for ten minutes, for every window and also after
 * a restart: whole photos would only break again, and each time from the beginning.
 */
import { db } from "./db";

const NAME = "line";
const BAD_MS = 10 * 60_000;

/** A transfer broke just now. */
export async function lineBroke(now: number = Date.now()): Promise<void> {
  await db.cache.put({ name: NAME, etag: null, value: now + BAD_MS, saved_at: new Date(now).toISOString() });
}

/** Whether files go in small pieces for now. */
export async function lineIsBad(now: number = Date.now()): Promise<boolean> {
  const until = (await db.cache.get(NAME))?.value;
  // A clock that was set back must not make the line bad for a year.
  return typeof until === "number" && until > now && until <= now + BAD_MS;
}

interface Connection {
  effectiveType?: string;
  saveData?: boolean;
}

/** How many files are on their way at once: two, and one where the line is bad or the browser calls it slow. */
export async function filesAtOnce(): Promise<1 | 2> {
  const connection = (globalThis.navigator as { connection?: Connection } | undefined)?.connection;
  const slow = connection?.saveData === true || /2g$/.test(connection?.effectiveType ?? "");
  return slow || (await lineIsBad()) ? 1 : 2;
}
