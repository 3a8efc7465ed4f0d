/**
 * When the device is full: what gives way, and in which order. First what can be had again (previews, cached answers),
 * then bytes that the server has verified, then the reserve that is kept so that the text of a record always fits.
 */
import { db } from "./db";
import { isQuota } from "./errors";
import { sturdily } from "./sturdy";

const RESERVE = "reserve";
const RESERVE_BYTES = 2 * 1024 * 1024;
/** Kept whatever happens: definitions judge limits without a line, `line` says how files go, and `language` is a word. */
const KEPT = new Set(["definitions", "line", "language", RESERVE]);

/** Keep room for texts. Called at the start and after each pass; where there is no room for the reserve there is none. */
export async function keepReserve(): Promise<void> {
  // Counted, not read: this runs after each pass, and two megabytes need not come out of the database for a yes.
  if ((await db.cache.where("name").equals(RESERVE).count()) > 0) return;
  try {
    const value = new ArrayBuffer(RESERVE_BYTES);
    await db.cache.put({ name: RESERVE, etag: null, value, saved_at: new Date().toISOString() });
  } catch (error) {
    if (!isQuota(error)) throw error;
  }
}

/**
 * Run `work`; while it meets a full device, make room step by step and run it again. The reserve is for texts alone:
 * photos would eat it, and the next text would not fit. Throws the quota error when nothing is left that may go.
 */
export async function makingRoom<T>(isText: boolean, work: () => Promise<T>): Promise<T> {
  const givingWay = isText ? [dropCaches, dropVerified, dropReserve] : [dropCaches, dropVerified];
  for (const give of [...givingWay, null]) {
    try {
      return await work();
    } catch (error) {
      if (!isQuota(error) || !give) throw error;
      await sturdily(give);
    }
  }
  throw new Error("unreachable");
}

async function dropCaches(): Promise<void> {
  const names = (await db.cache.toCollection().primaryKeys()).filter((name) => !KEPT.has(name));
  await db.cache.bulkDelete(names);
  const stores = (globalThis as { caches?: CacheStorage }).caches;
  // The shell itself is precached and stays: without it the app would not open.
  for (const name of (await stores?.keys()) ?? []) if (!name.includes("precache")) await stores?.delete(name);
}

/** Bytes that the server has read back and verified are on the server; the phone's copy is a convenience. */
async function dropVerified(): Promise<void> {
  const verified = await db.files.where("state").equals("sent").toArray();
  const { dropBytes } = await import("./kept");
  await dropBytes(verified.filter((file) => file.verified_at !== null));
}

async function dropReserve(): Promise<void> {
  await db.cache.delete(RESERVE);
}
