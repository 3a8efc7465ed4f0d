/**
 * Chromium stores in a log that it goes on writing after a start. If it was killed in the middle of a record, all that
 * follows lies behind half a record: the next start drops it in silence, or throws the whole database away
 * (`dataLoss: "total"`; crbug.com/460568). Deleting another database makes it begin a new log, so this is done before
 * anything is stored. Measured by tests/faults/test_browser_killed.py.
 */
const NAME = "plumbline-log";
// Going on without it risks all there is, so a slow phone may take long; our own database would have to wait as well.
const PATIENCE_MS = 10_000;

/** Resolves when what comes next stands in a log of its own; nothing happens in other browsers, which have no such log. */
export async function freshLog(): Promise<void> {
  if (!("userAgentData" in globalThis.navigator)) return;
  const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([late, madeAndDeleted().catch(() => undefined)]);
}

async function madeAndDeleted(): Promise<void> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("empty");
  (await settled(opening)).close();
  await settled(indexedDB.deleteDatabase(NAME));
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("unknown"));
  });
}
