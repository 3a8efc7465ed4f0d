/** A database that is closed under the app, or fails one transaction in ten: nothing of a capture is lost or doubled. */
import { FakeServer, freshPhone, photo, PROJECT, receipt } from "./support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sha256Hex } from "../../src/capture/bytes";
import { db } from "../../src/capture/db";
import { deleteDraft, loadDraft, saveDraft } from "../../src/capture/drafts";
import { DatabaseLost, StorageFull } from "../../src/capture/errors";
import { localBlob } from "../../src/capture/kept";
import { MediaKeeper } from "../../src/capture/media";
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

/** Nobody waits here for what a phone waits between its tries. */
function hurried(): void {
  const real = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, ms = 0) => real(run, ms / 50)) as typeof setTimeout);
}

/** Let one transaction in ten fail, whatever it is for: refused, ended in its middle, or done with its answer lost. */
async function failing(chance: () => number) {
  const database = Object.getPrototypeOf(db.backendDB()) as IDBDatabase;
  const real = Reflect.get(database, "transaction") as (this: IDBDatabase, ...args: unknown[]) => IDBTransaction;
  let failed = 0;
  // Dexie tells of each connection that it opens again.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(database, "transaction").mockImplementation(function (this: IDBDatabase, ...args: unknown[]) {
    if (chance() >= 0.1) return real.apply(this, args);
    failed += 1;
    if (failed % 3 === 0) throw new DOMException("The connection was lost.", "UnknownError");
    const begun = real.apply(this, args);
    if (failed % 3 === 1) queueMicrotask(() => begun.abort());
    else
      begun.addEventListener("complete", (event) => {
        event.stopImmediatePropagation();
        begun.onabort?.(event);
      });
    return begun;
  });
  await reopened();
  return () => failed;
}

/** Dexie takes what it calls from the connection when it opens it. */
async function reopened(): Promise<void> {
  db.close({ disableAutoOpen: false });
  await db.open();
}

/** As a form does it: drafts kept while somebody writes, a video piece by piece, then all of it in one record. */
async function capture(at: number): Promise<string> {
  const keeper = new MediaKeeper();
  for (let piece = 0; piece < 2; piece += 1) {
    void saveDraft("form", PROJECT, "receive", { at, piece });
    await keeper.add(new Blob([`piece ${piece} of ${at};`]));
  }
  const data = await keeper.end("video/webm");
  await saveDraft("photos", PROJECT, "photos", at, [data.media]);
  expect(await loadDraft("form")).toEqual({ at, piece: 1 });
  // The last key before the tap: this draft is still on its way when the record is made.
  void saveDraft("form", PROJECT, "receive", { at, piece: 2 });
  const files = [photo(`photo ${at}`), { data, role: "photo", capture: "camera" as const }];
  await record("lot:receive", uuid7(), receipt(), { project: PROJECT, files, draft: "form" });
  await deleteDraft("photos");
  return data.sha256;
}

test("one in ten of all transactions fails: no capture, draft or piece of a video is lost", async () => {
  hurried();
  const count = 200;
  const failed = await failing(chances(7));
  const lost: unknown[] = [];
  const videos: string[] = [];
  for (let at = 0; at < count; at += 1) await capture(at).then((video) => videos.push(video), (error: unknown) => lost.push(error));
  expect(failed()).toBeGreaterThan(count);
  vi.restoreAllMocks();
  await reopened();
  console.log(`10 % of transactions fail: ${count} captures, failed ${lost.length}`);
  expect(lost).toEqual([]);
  expect((await db.acts.toArray()).map((act) => act.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  expect(await db.bytes.count()).toBe(count);
  expect(await db.pieces.count()).toBe(2 * count);
  for (const video of videos) expect(await sha256Hex(await (await localBlob(PROJECT, video))!.arrayBuffer())).toBe(video);
  expect(await db.drafts.count()).toBe(0);
}, 30_000);

test("a draft that is tried again comes neither over a newer one nor after the record that it went into", async () => {
  const lost = new DOMException("The connection was lost.", "AbortError");
  const put = vi.spyOn(db.drafts, "put").mockImplementationOnce((() => Promise.reject(lost)) as never);
  void saveDraft("form", PROJECT, "receive", "older");
  await saveDraft("form", PROJECT, "receive", "newer");
  expect(await loadDraft("form")).toBe("newer");
  for (let times = 0; times < 2; times += 1) put.mockImplementationOnce((() => Promise.reject(lost)) as never);
  const late = saveDraft("form", PROJECT, "receive", "last");
  await record("lot:receive", uuid7(), receipt(), { project: PROJECT, draft: "form" });
  await late;
  expect(put).toHaveBeenCalledTimes(6);
  expect(await loadDraft("form")).toBeUndefined();
});

test("a connection that the system closed is opened again", async () => {
  await receive(1);
  db.close({ disableAutoOpen: false });
  db.backendDB?.()?.close();
  await receive(2);
  expect(await db.acts.count()).toBe(2);
});

test("a database that never answers is said to be that, and the next record begins where the chain stands", async () => {
  hurried();
  const broken = vi.spyOn(db, "transaction").mockImplementation((() => Promise.reject(new DOMException("gone", "UnknownError"))) as never);
  await expect(receive(1)).rejects.toBeInstanceOf(DatabaseLost);
  broken.mockRestore();
  expect((await receive(2)).seq).toBe(1);
});

test("a transaction that Chromium ends because it does not fit says that the phone is full, not that its database is lost", async () => {
  const full = Object.assign(new DOMException("QuotaExceededError", "AbortError"), { inner: new DOMException("", "QuotaExceededError") });
  const real = db.transaction.bind(db) as (...args: unknown[]) => Promise<unknown>;
  vi.spyOn(db, "transaction").mockImplementation(((...args: unknown[]) =>
    Array.isArray(args[1]) && args[1].includes("bytes") ? Promise.reject(full) : real(...args)) as unknown as typeof db.transaction);
  await expect(receive(1)).rejects.toBeInstanceOf(StorageFull);
});
