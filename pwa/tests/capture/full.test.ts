/** A full device: what gives way, and in which order; the text of a record always fits. */
import { FakeServer, freshPhone, photo, PROJECT, receipt } from "./support";
import { beforeEach, expect, test } from "vitest";
import type { Transaction } from "dexie";
import { db, type BytesEntry, type CacheEntry } from "../../src/capture/db";
import { StorageFull } from "../../src/capture/errors";
import { record, recordTogether, type Deed } from "../../src/capture/record";
import { keepReserve } from "../../src/capture/room";
import { sync } from "../../src/capture/sync";
import { uuid7 } from "../../src/capture/uuid7";

/** Bytes that this device still takes. Photos, cached answers and the reserve count; texts need 1,000 bytes each. */
let room = Infinity;
const TEXT = 1_000;
const weigh = (value: unknown): number => (value instanceof ArrayBuffer ? value.byteLength : TEXT);

function take(bytes: number, transaction: Transaction): void {
  if (bytes > room) throw new DOMException("full", "QuotaExceededError");
  room -= bytes;
  transaction.on("abort", () => void (room += bytes));
}

db.bytes.hook("creating", (_key, entry, transaction) => take(entry.data.byteLength, transaction));
db.acts.hook("creating", (_key, _entry, transaction) => take(TEXT, transaction));
db.cache.hook("creating", (_key, entry, transaction) => take(weigh(entry.value), transaction));
// Dexie also tells of deletions of what was not there.
db.bytes.hook("deleting", (_key, entry: BytesEntry | undefined) => void (room += entry?.data.byteLength ?? 0));
db.cache.hook("deleting", (_key, entry: CacheEntry | undefined) => void (room += entry ? weigh(entry.value) : 0));

const pictures = (count: number, size = 4_000) => Array.from({ length: count }, (_, at) => photo(String(at).padEnd(size, "x")));
const receive = (files = pictures(0), textFirst = false) => record("lot:receive", uuid7(), receipt(), { project: PROJECT, files, textFirst });

beforeEach(async () => {
  room = Infinity;
  new FakeServer();
  await freshPhone();
});

test("cached answers give way first, and the record is whole", async () => {
  await db.cache.put({ name: "preview", etag: null, value: new ArrayBuffer(10_000), saved_at: "" });
  room = 2_000;
  const kept = await receive(pictures(2));
  expect(kept.left_out).toEqual([]);
  expect(await db.cache.get("preview")).toBeUndefined();
  expect(await db.bytes.count()).toBe(2);
});

test("verified photos give way before the reserve, and unverified ones never do", async () => {
  await keepReserve();
  await receive(pictures(2));
  await sync();
  await receive([photo("not sent yet".padEnd(4_000, "y"))]);
  room = 1_000;
  await receive([photo("new".padEnd(4_000, "z"))]);
  expect(await db.cache.get("reserve")).toBeDefined();
  const left = await db.bytes.toArray();
  expect(left.map((one) => new TextDecoder().decode(one.data).slice(0, 3)).sort()).toEqual(["new", "not"]);
});

test("at the very end the reserve lets the text in", async () => {
  await keepReserve();
  room = 0;
  await receive();
  expect(await db.acts.count()).toBe(1);
  expect(await db.cache.get("reserve")).toBeUndefined();
});

test("forty photos on a full phone: every text is kept, and each photo that is not is named", async () => {
  await keepReserve();
  room = 100_000;
  const all = Array.from({ length: 10 }, (_, at) => Array.from({ length: 4 }, (_, n) => photo(`${at} ${n}`.padEnd(4_000, "x"))));
  const kept = [];
  for (const files of all) kept.push(await receive(files, true));
  expect(await db.acts.count()).toBe(10);
  const leftOut = kept.reduce((sum, one) => sum + one.left_out.length, 0);
  expect(leftOut).toBeGreaterThan(0);
  expect((await db.bytes.count()) + leftOut).toBe(40);
  const seqs = (await db.acts.toArray()).map((act) => act.seq).sort((a, b) => a - b);
  expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("without leave to go ahead without photos a full phone refuses and stores nothing", async () => {
  room = 3_000;
  await expect(receive(pictures(1))).rejects.toBeInstanceOf(StorageFull);
  expect(await db.acts.count()).toBe(0);
  room = Infinity;
  expect((await receive(pictures(1))).seq).toBe(1);
});

test("kept together on a full phone: the texts stay, and what is nothing without its photo is not written", async () => {
  await keepReserve();
  room = 5_000 + 3 * TEXT;
  const lot = uuid7();
  const [tag, paper] = pictures(2);
  const body = { kind: "quality_certificate", number: "C-1", lots: [lot], heats: [] };
  const deeds: Deed[] = [
    { type: "lot:receive", object: lot, body: receipt(), files: [tag!, paper!] },
    { type: "certificate:attach", object: uuid7(), body, files: [paper!], needsFile: true },
  ];
  const kept = await recordTogether(deeds, { project: PROJECT, textFirst: true });
  expect((await db.acts.toArray()).map((act) => act.type)).toEqual(["lot:receive"]);
  expect(new Set(kept.left_out)).toEqual(new Set([paper]));
  room = Infinity;
  expect((await recordTogether(deeds, { project: PROJECT })).left_out).toEqual([]);
});
