import { FakeServer, freshPhone, PROJECT, receipt, refusal } from "./support";
import { beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { pullFeed } from "../../src/capture/feed";
import { answersTo } from "../../src/capture/queries";
import { record } from "../../src/capture/record";
import { search } from "../../src/capture/search";
import { uuid7 } from "../../src/capture/uuid7";

let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  await freshPhone();
});

const place = (id: string, name: string) => ({ id, name, name_en: null, kind: "yard", lat: null, lon: null, qr: null });
const change = (number: number, id: string, row: Record<string, unknown> | null, kind = "place") => ({ number, kind, id, row });

test("rows and cursor arrive together; a tombstone removes the row", async () => {
  const [a, b] = [uuid7(), uuid7()];
  server.feed = { changes: [change(1, a, place(a, "东场")), change(2, b, place(b, "西场"))], cursor: 2, head: 2, more: false };
  expect(await pullFeed(PROJECT)).toBe(true);
  expect(await db.places.count()).toBe(2);
  server.feed = { changes: [change(3, a, null)], cursor: 3, head: 3, more: false };
  await pullFeed(PROJECT);
  expect(await db.places.toArray()).toMatchObject([{ id: b, name: "西场" }]);
  expect(await db.meta.get(PROJECT)).toMatchObject({ cursor: 3, head: 3 });
});

test("a page that cannot be stored moves the cursor nowhere", async () => {
  const id = uuid7();
  server.feed = { changes: [change(1, id, place(id, "东场"))], cursor: 1, head: 1, more: false };
  vi.spyOn(db.meta, "put").mockRejectedValueOnce(new Error("crash"));
  await expect(pullFeed(PROJECT)).rejects.toThrow("crash");
  expect(await db.places.count()).toBe(0);
  await pullFeed(PROJECT);
  expect(await db.places.count()).toBe(1);
});

test("a kind of a later version is passed over", async () => {
  server.feed = { changes: [change(1, uuid7(), { x: 1 }, "drone")], cursor: 1, head: 1, more: false };
  await pullFeed(PROJECT);
  expect((await db.meta.get(PROJECT))?.cursor).toBe(1);
});

test("a page that ends inside one number says how far it came, and the next goes on there", async () => {
  const [a, b] = [uuid7(), uuid7()];
  server.feed = { changes: [change(7, a, place(a, "东场"))], cursor: 6, after: `7~place~${a}`, head: 7, more: false };
  await pullFeed(PROJECT);
  server.feed = { changes: [change(7, b, place(b, "西场"))], cursor: 7, after: null, head: 7, more: false };
  await pullFeed(PROJECT);
  const sent = new URLSearchParams(server.asked.at(-1)?.path.split("?")[1]);
  expect([sent.get("cursor"), sent.get("after")]).toEqual(["6", `7~place~${a}`]);
  expect(await db.places.count()).toBe(2);
  expect(await db.meta.get(PROJECT)).toMatchObject({ cursor: 7, after: null });
});

test("what is recorded names the feed position that the phone had seen", async () => {
  server.feed = { changes: [], cursor: 17, head: 17, more: false };
  await pullFeed(PROJECT);
  const { act_id } = await record("lot:receive", uuid7(), receipt());
  const { envelope } = (await db.acts.get(act_id))!;
  expect(JSON.parse(atob(envelope.payload))).toMatchObject({ seen: { cursor: 17, head: null } });
});

test("an unanswered decision stays visible over an older row of the feed, and truth follows the answer", async () => {
  const id = uuid7();
  const row = { id, task_id: uuid7(), status: "submitted", decisions: [], lots: [], act_id: uuid7() };
  server.feed = { changes: [change(1, id, row, "step")], cursor: 1, head: 1, more: false };
  await pullFeed(PROJECT);
  const { act_id } = await record("approval:decide", uuid7(), { step: id, stage: "project_manager", decision: "approve" });
  expect(await db.steps.get([PROJECT, id])).toMatchObject({ status: "approved", local: true });
  server.feed = { changes: [change(2, id, { ...row, note: "new" }, "step")], cursor: 2, head: 2, more: false };
  await pullFeed(PROJECT);
  expect(await db.steps.get([PROJECT, id])).toMatchObject({ status: "approved", note: "new", local: true });
  await db.acts.update(act_id, { state: "sent", verdict: "applied" });
  server.feed = { changes: [change(3, id, { ...row, status: "approved" }, "step")], cursor: 3, head: 3, more: false };
  await pullFeed(PROJECT);
  const settled = await db.steps.get([PROJECT, id]);
  expect(settled?.status).toBe("approved");
  expect(settled?.local).toBeUndefined();
});

test("search finds parts of heats and Chinese names, the best first", async () => {
  await record("lot:receive", uuid7(), receipt({ heat_no: "H-2231" }));
  const id = uuid7();
  server.feed = { changes: [change(1, id, place(id, "东侧钢筋堆场"))], cursor: 1, head: 1, more: false };
  await pullFeed(PROJECT);
  expect((await search(PROJECT, "2231"))[0]).toMatchObject({ kind: "lot", label: "H-2231" });
  expect(await search(PROJECT, "钢筋堆")).toMatchObject([{ kind: "place", id }]);
  expect(await search(PROJECT, "  ")).toEqual([]);
});

test("a problem of the feed is thrown with its slug", async () => {
  server.before = () => refusal(404, "project-not-found");
  await expect(pullFeed(PROJECT)).rejects.toMatchObject({ code: "project-not-found", status: 404 });
});

test("a manager's answer is found by the act that was refused, and is gone when it is taken back", async () => {
  const [id, act_id] = [uuid7(), uuid7()];
  const row = { id, act_id, decision: "asked", note: "重拍", new_act_id: null, by: uuid7(), at: "2026-11-23T02:00:00Z" };
  server.feed = { changes: [change(1, id, row, "answer")], cursor: 1, head: 1, more: false };
  await pullFeed(PROJECT);
  const first = (): Promise<ReadonlyMap<string, { note: string | null }>> =>
    new Promise((resolve) => {
      const stop = answersTo(PROJECT).subscribe((found) => {
        if (!found) return;
        resolve(found);
        queueMicrotask(() => stop());
      });
    });
  expect((await first()).get(act_id)?.note).toBe("重拍");
  server.feed = { changes: [change(2, id, null, "answer")], cursor: 2, head: 2, more: false };
  await pullFeed(PROJECT);
  expect((await first()).size).toBe(0);
});
