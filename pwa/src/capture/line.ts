/**
 * What the line is worth, by what it carried or failed to carry lately: for every window and also after a restart.
 * After a transfer that broke it counts as bad for ten minutes: whole photos would only break again, and each time from
 * the beginning. A line that nobody has measured lately may be that of a cellar, and is measured with chunks, of which
 * a cut costs nothing.
 */
import { db } from "./db";

const NAME = "line";
const LATELY_MS = 10 * 60_000;
/** So few bytes say more of the answer's delay than of the line. */
const TELLING_BYTES = 32 * 1024;
/** A photo takes half a minute and more: two at once would only hold each other up. */
const SLOW_BYTES_S = 40_000;

export interface LineWorth {
  /** A transfer broke in the last ten minutes. */
  is_bad: boolean;
  /** Bytes a second, as last measured; null when that was not in the last ten minutes. */
  bytes_s: number | null;
}

/** As it is stored; moments in milliseconds since 1970. */
interface Known {
  broke_at: number;
  bytes_s: number;
  measured_at: number;
}

const NOTHING: Known = { broke_at: 0, bytes_s: 0, measured_at: 0 };

/** A transfer broke just now. */
export async function lineBroke(now: number = Date.now()): Promise<void> {
  await keep({ broke_at: now }, now);
}

/** The line carried so many bytes in so many milliseconds. */
export async function lineCarried(bytes: number, ms: number, now: number = Date.now()): Promise<void> {
  if (bytes < TELLING_BYTES) return;
  await keep({ bytes_s: (bytes * 1000) / Math.max(ms, 1), measured_at: now }, now);
}

export async function lineWorth(now: number = Date.now()): Promise<LineWorth> {
  const known = await read();
  // A clock that was set back must not make the line bad for a year.
  const lately = (at: number): boolean => at > now - LATELY_MS && at <= now;
  return { is_bad: lately(known.broke_at), bytes_s: lately(known.measured_at) ? known.bytes_s : null };
}

async function keep(change: Partial<Known>, now: number): Promise<void> {
  await db.cache.put({ name: NAME, etag: null, value: { ...(await read()), ...change }, saved_at: new Date(now).toISOString() });
}

async function read(): Promise<Known> {
  const value = (await db.cache.get(NAME))?.value;
  // Earlier releases kept a number here.
  return typeof value === "object" ? { ...NOTHING, ...value } : NOTHING;
}

interface Connection {
  effectiveType?: string;
  saveData?: boolean;
}

/** How many files are on their way at once: two, and one where the line is bad or slow, or the browser calls it so. */
export async function filesAtOnce(): Promise<1 | 2> {
  const connection = (globalThis.navigator as { connection?: Connection } | undefined)?.connection;
  if (connection?.saveData === true || /2g$/.test(connection?.effectiveType ?? "")) return 1;
  const { is_bad, bytes_s } = await lineWorth();
  return is_bad || (bytes_s !== null && bytes_s < SLOW_BYTES_S) ? 1 : 2;
}
