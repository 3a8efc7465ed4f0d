/**
 * A browser may drop the connection to its database (iOS does after sleep), or fail a transaction for no reason that
 * we can mend. What was to be stored is then tried again on a fresh connection; a transaction is whole or was not.
 */
import Dexie from "dexie";
import { db } from "./db";
import { DatabaseLost, isQuota } from "./errors";

/** Between the tries: what has passed already costs a moment, what goes on gets a second in all. */
const PAUSES_MS = [5, 60, 150, 300, 500];
/** Names of errors that say nothing about what was to be stored. Dexie wraps the browser's own in `inner`. */
const PASSING = new Set(["AbortError", "DatabaseClosedError", "InvalidStateError", "UnknownError", "TimeoutError", "OpenFailedError"]);

/**
 * Run `work`, which is one transaction, until it is through. Throws what `work` throws when that means something, and
 * DatabaseLost when nothing helps: then only the export saves what is on this device. Inside a transaction `work` runs
 * once: it is whoever began the transaction that tries again.
 */
export async function sturdily<T>(work: () => Promise<T>): Promise<T> {
  if (Dexie.currentTransaction) return work();
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (tries === PAUSES_MS.length) throw new DatabaseLost(error);
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[tries]));
      await reopen();
    }
  }
}

async function reopen(): Promise<void> {
  try {
    db.close({ disableAutoOpen: false });
    await db.open();
  } catch {
    // The next try says what is wrong.
  }
}

/** Whether an error says nothing about what was asked, only that the database failed at it. */
export function isPassing(error: unknown): boolean {
  // Asked first of the whole chain: Chromium ends a transaction that does not fit with an AbortError around the reason.
  if (isQuota(error)) return false;
  for (let one = error; one instanceof Error || isNamed(one); one = (one as { inner?: unknown }).inner) {
    if (PASSING.has(one.name)) return true;
  }
  return false;
}

function isNamed(error: unknown): error is { name: string } {
  return typeof (error as { name?: unknown } | null)?.name === "string";
}
