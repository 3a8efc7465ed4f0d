/** A database that is closed under the app, or fails one transaction in ten: no record is lost, none is doubled. */
import { FakeServer, freshPhone, photo, PROJECT, receipt } from "./support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { DatabaseLost, StorageFull } from "../../src/capture/errors";
import { record } from "../../src/capture/record";
import { uuid7 } from "../../src/capture/uuid7";

beforeEach(async () => {
  new FakeServer();
  await freshPhone();
});
afterEach(() => vi.restoreAllMocks());

const receive = (at: number) => record("lot:receive", uuid7(), receipt(), { project: PROJECT, files: [photo(`photo ${at}`)] });

/** Chances from one seed, the same in every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test("one transaction in ten fails: every capture is kept once, in one chain", async () => {
  const chance = chances(11);
  const real = db.transaction.bind(db) as (...args: unknown[]) => Promise<unknown>;
  let failed = 0;
  vi.spyOn(db, "transaction").mockImplementation(((...args: unknown[]) => {
    const drawn = chance();
    if (drawn >= 0.1) return real(...args);
    failed += 1;
    const lost = new DOMException("The connection was lost.", failed % 2 ? "AbortError" : "UnknownError");
    // Every second one fails after it was committed: only the answer is lost.
    return drawn < 0.05 ? real(...args).then(() => Promise.reject(lost)) : Promise.reject(lost);
  }) as unknown as typeof db.transaction);
  for (let at = 0; at < 120; at += 1) await receive(at);
  expect(failed).toBeGreaterThan(3);
  const acts = await db.acts.toArray();
  expect(acts.map((act) => act.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
  expect(await db.bytes.count()).toBe(120);
});

test("a connection that the system closed is opened again", async () => {
  await receive(1);
  db.close({ disableAutoOpen: false });
  db.backendDB?.()?.close();
  await receive(2);
  expect(await db.acts.count()).toBe(2);
});

test("a database that never answers is said to be that, and the next record begins where the chain stands", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
  const broken = vi.spyOn(db, "transaction").mockImplementation((() => Promise.reject(new DOMException("gone", "UnknownError"))) as never);
  await expect(receive(1)).rejects.toBeInstanceOf(DatabaseLost);
  broken.mockRestore();
  vi.useRealTimers();
  expect((await receive(2)).seq).toBe(1);
});

test("a transaction that Chromium ends because it does not fit says that the phone is full, not that its database is lost", async () => {
  const full = Object.assign(new DOMException("QuotaExceededError", "AbortError"), { inner: new DOMException("", "QuotaExceededError") });
  const real = db.transaction.bind(db) as (...args: unknown[]) => Promise<unknown>;
  vi.spyOn(db, "transaction").mockImplementation(((...args: unknown[]) =>
    Array.isArray(args[1]) && args[1].includes("bytes") ? Promise.reject(full) : real(...args)) as unknown as typeof db.transaction);
  await expect(receive(1)).rejects.toBeInstanceOf(StorageFull);
});
