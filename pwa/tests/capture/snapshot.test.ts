import { FakeServer, freshPhone, json, PROJECT, receipt, refusal, serveFile, snapshotFile } from "./support";
import { beforeEach, expect, test } from "vitest";
import { db } from "../../src/capture/db";
import { Offline } from "../../src/capture/errors";
import { pullFeed } from "../../src/capture/feed";
import { record } from "../../src/capture/record";
import { uuid7 } from "../../src/capture/uuid7";

let server: FakeServer;
let file: Uint8Array<ArrayBuffer>;
let etag: string;
/** Where each request for the snapshot is cut, in bytes of its body. */
let cuts: number[];
/** Positions that the feed answers with 410. */
let expired: (cursor: number) => boolean;

const place = (id: string, name: string) => ({ id, name, name_en: null, kind: "yard", lat: null, lon: null, qr: null });
const line = (number: number, id: string, row: object, kind = "place") => ({ number, kind, id, row });
/** Names that do not compress, so that the file is long enough to be cut. */
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => {
    const id = uuid7();
    return line(n + 1, id, place(id, crypto.randomUUID() + crypto.randomUUID()));
  });
const asked = () => server.asked.filter((seen) => seen.path.endsWith("/snapshot"));

beforeEach(async () => {
  server = new FakeServer();
  cuts = [];
  etag = '"one"';
  expired = () => false;
  await freshPhone();
  server.before = ({ path, headers }) => {
    if (path.endsWith("/snapshot")) return serveFile(file, etag, headers, cuts.shift());
    if (!path.startsWith("/api/feed")) return undefined;
    const cursor = Number(new URLSearchParams(path.split("?")[1]).get("cursor"));
    if (expired(cursor)) return refusal(410, "cursor-expired");
    if (cursor === 0) return json({ changes: [], cursor: 1, after: null, head: 900, more: true });
    return json({ changes: [], cursor: 900, after: null, head: 900, more: false });
  };
});

test("a project too large for one page comes as a snapshot, and the feed goes on from its cursor", async () => {
  file = await snapshotFile(900, many(1200));
  expect(await pullFeed(PROJECT)).toBe(true);
  expect(await db.places.count()).toBe(1200);
  expect(await db.meta.get(PROJECT)).toMatchObject({ cursor: 900, head: 900 });
  expect(await db.parts.count()).toBe(0);
});

test("a line that is cut again and again loses nothing and fetches nothing twice", async () => {
  file = await snapshotFile(900, many(400));
  cuts = [5_000, 1_500, 2_500];
  await pullFeed(PROJECT);
  expect(await db.places.count()).toBe(400);
  expect(asked().map((seen) => seen.headers.get("Range"))).toEqual([null, "bytes=5000-", "bytes=6500-", "bytes=9000-"]);
});

test("what came before the page was closed is kept, and the next pass asks for the rest alone", async () => {
  file = await snapshotFile(900, many(400));
  cuts = [5_000, 0];
  await expect(pullFeed(PROJECT)).rejects.toThrow(Offline);
  expect(await db.places.count()).toBe(0);
  server.asked.length = 0;
  await pullFeed(PROJECT);
  expect(asked().map((seen) => seen.headers.get("Range"))).toEqual(["bytes=5000-"]);
  expect(server.asked[0]?.path).toContain("/snapshot");
  expect(await db.places.count()).toBe(400);
});

test("a file that changed meanwhile is fetched from its beginning", async () => {
  file = await snapshotFile(900, many(400));
  cuts = [5_000, 0];
  await expect(pullFeed(PROJECT)).rejects.toThrow(Offline);
  [file, etag] = [await snapshotFile(900, many(10)), '"two"'];
  await pullFeed(PROJECT);
  expect(await db.places.count()).toBe(10);
});

test("a file that is broken is thrown away whole, and nothing says that it was complete", async () => {
  file = (await snapshotFile(900, many(400))).slice();
  file.fill(0, 3_000, 3_400);
  await expect(pullFeed(PROJECT)).rejects.toThrow();
  expect(await db.meta.get(PROJECT)).toBeUndefined();
  expect(await db.parts.count()).toBe(0);
  file = await snapshotFile(900, many(5));
  await pullFeed(PROJECT);
  expect(await db.meta.get(PROJECT)).toMatchObject({ cursor: 900 });
});

test("a 410 loads the project anew: what is gone goes, what waits in the outbox stays, in the list and on the screen", async () => {
  const [kept, gone] = [uuid7(), uuid7()];
  await db.places.bulkPut([
    { ...place(kept, "老名"), project_id: PROJECT } as never,
    { ...place(gone, "撤了"), project_id: PROJECT } as never,
  ]);
  await db.meta.put({ project_id: PROJECT, cursor: 9, head: 9, current_at: "2026-08-01T00:00:00.000Z" });
  const lot = uuid7();
  const { act_id } = await record("lot:receive", lot, receipt());
  const [before, key] = [await db.acts.toArray(), await db.keys.toArray()];
  expired = (cursor) => cursor === 9;
  file = await snapshotFile(900, [line(3, kept, place(kept, "新名"))]);

  await pullFeed(PROJECT);

  expect(await db.places.toArray()).toMatchObject([{ id: kept, name: "新名" }]);
  expect(await db.acts.toArray()).toEqual(before);
  expect(await db.keys.toArray()).toEqual(key);
  expect(await db.lots.get([PROJECT, lot])).toMatchObject({ act_id, local: true });
  expect((await db.meta.get(PROJECT))?.cursor).toBe(900);
});

test("the phone keeps what it knew until the last row of the snapshot is in", async () => {
  const old = uuid7();
  await db.places.put({ ...place(old, "老"), project_id: PROJECT } as never);
  await db.meta.put({ project_id: PROJECT, cursor: 9, head: 9, current_at: "2026-08-01T00:00:00.000Z" });
  expired = (cursor) => cursor === 9;
  file = await snapshotFile(900, many(400));
  cuts = [5_000, 0];
  await expect(pullFeed(PROJECT)).rejects.toThrow(Offline);
  expect(await db.places.toArray()).toMatchObject([{ id: old }]);
  expect((await db.meta.get(PROJECT))?.current_at).toBe("2026-08-01T00:00:00.000Z");
});

test("an unanswered decision stays visible over the snapshot's older row, and a refusal goes back to that row", async () => {
  const id = uuid7();
  const row = { id, task_id: uuid7(), status: "submitted", decisions: [], lots: [], act_id: uuid7() };
  await db.steps.put({ ...row, project_id: PROJECT } as never);
  await db.meta.put({ project_id: PROJECT, cursor: 9, head: 9, current_at: null });
  const { act_id } = await record("approval:decide", uuid7(), { step: id, stage: "project_manager", decision: "approve" });
  expired = (cursor) => cursor === 9;
  file = await snapshotFile(900, [line(3, id, { ...row, note: "fresh" }, "step")]);
  await pullFeed(PROJECT);
  expect(await db.steps.get([PROJECT, id])).toMatchObject({ status: "approved", note: "fresh", local: true });
  expect((await db.acts.get(act_id))?.before).toMatchObject([{ id, row: { note: "fresh", status: "submitted" } }]);
});

test("a position that has expired right after the snapshot is a problem and no endless loop", async () => {
  file = await snapshotFile(900, []);
  expired = (cursor) => cursor > 0;
  await expect(pullFeed(PROJECT)).rejects.toMatchObject({ code: "cursor-expired" });
  expect(asked()).toHaveLength(1);
});

test("a snapshot of another form is refused", async () => {
  file = await snapshotFile(900, [], 2);
  await expect(pullFeed(PROJECT)).rejects.toThrow(Offline);
  expect(await db.meta.get(PROJECT)).toBeUndefined();
});
