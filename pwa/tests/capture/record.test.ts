import { FakeServer, freshPhone, paeDigest, photo, PROJECT, readEnvelope, receipt, DEVICE } from "./support";
import Dexie, { type Transaction } from "dexie";
import { beforeEach, expect, test, vi } from "vitest";
import { fromBase64, utf8 } from "../../src/capture/bytes";
import { db } from "../../src/capture/db";
import { NotRecordable, StorageFull } from "../../src/capture/errors";
import { pae } from "../../src/capture/keys";
import { record, recordTogether, type Deed } from "../../src/capture/record";
import { uuid7 } from "../../src/capture/uuid7";

beforeEach(async () => {
  new FakeServer();
  await freshPhone();
});

async function chain() {
  return (await db.acts.toArray()).sort((a, b) => a.seq - b.seq);
}

test("an act stands on the phone with its file, its bytes and a row that screens see", async () => {
  const lot = uuid7();
  const done = await record("lot:receive", lot, receipt({ note: "第一车" }), { files: [{ ...photo("tag"), subject: "tag" }] });
  const act = await db.acts.get(done.act_id);
  const payload = readEnvelope(act!.envelope);
  expect(payload).toMatchObject({ type: "lot:receive", v: 1, object: lot, project: PROJECT, device: DEVICE, seq: 1, prev: null });
  expect(payload.files).toMatchObject([{ role: "photo:tag", bytes: 3, mime: "image/jpeg", capture: "camera" }]);
  expect(await db.files.count()).toBe(1);
  expect(new TextDecoder().decode((await db.bytes.toArray())[0]!.data)).toBe("tag");
  expect(await db.lots.get([PROJECT, lot])).toMatchObject({ status: "received", on_hand: "12.5", local: true });
});

test("records made at the same time form one chain without gap or fork", async () => {
  await Promise.all(Array.from({ length: 25 }, () => record("lot:receive", uuid7(), receipt())));
  const acts = await chain();
  expect(acts.map((act) => act.seq)).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
  for (const [at, act] of acts.entries()) {
    const before = acts[at - 1];
    expect(readEnvelope(act.envelope).prev).toBe(before ? await paeDigest(before.envelope) : null);
  }
  expect((await db.keys.get(DEVICE))?.seq).toBe(25);
});

test("two windows that share the database form one chain too", async () => {
  vi.resetModules();
  const second = await import("../../src/capture/record");
  await Promise.all([
    ...Array.from({ length: 5 }, () => record("lot:receive", uuid7(), receipt())),
    ...Array.from({ length: 5 }, () => second.record("lot:receive", uuid7(), receipt())),
  ]);
  expect(new Set((await chain()).map((act) => act.seq)).size).toBe(10);
});

test("the signature holds over the exact bytes that are kept", async () => {
  await record("defect:raise", uuid7(), { task: uuid7(), title: "蜂窝麻面", severity: "major" });
  const { envelope } = (await chain())[0]!;
  const key = (await db.keys.get(DEVICE))!;
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const half = await crypto.subtle.importKey("raw", fromBase64(key.public_key), curve, true, ["verify"]);
  const signed = pae(fromBase64(envelope.payload));
  const holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, half, fromBase64(envelope.signature), signed);
  expect(holds).toBe(true);
});

test("nothing resolves before the transaction is committed, and it is a durable one", async () => {
  const order: string[] = [];
  const add = db.acts.add.bind(db.acts);
  vi.spyOn(db.acts, "add").mockImplementation((act) => {
    const running = Dexie.currentTransaction as Transaction & { chromeTransactionDurability?: string };
    expect(running.chromeTransactionDurability).toBe("strict");
    running.on("complete", () => order.push("committed"));
    return add(act);
  });
  await record("lot:receive", uuid7(), receipt(), { files: [photo("a")] });
  order.push("resolved");
  expect(order).toEqual(["committed", "resolved"]);
});

test("a write that fails leaves neither act nor number, and the next record takes its place in the chain", async () => {
  const full = vi.spyOn(db.bytes, "put").mockRejectedValue(new DOMException("full", "QuotaExceededError"));
  await expect(record("lot:receive", uuid7(), receipt(), { files: [photo("a")] })).rejects.toThrow(StorageFull);
  full.mockRestore();
  expect(await db.acts.count()).toBe(0);
  expect(await db.lots.count()).toBe(0);
  expect((await record("lot:receive", uuid7(), receipt())).seq).toBe(1);
});

test("a float or an empty file is refused and nothing is stored", async () => {
  const bad = { ...receipt(), quantity: 12.5 as unknown as string };
  await expect(record("lot:receive", uuid7(), bad)).rejects.toThrow(NotRecordable);
  await expect(record("lot:receive", uuid7(), receipt(), { files: [photo("")] })).rejects.toThrow(NotRecordable);
  expect(await db.acts.count()).toBe(0);
});

test("after a crash the chain goes on where it stood", async () => {
  const first = await record("lot:receive", uuid7(), receipt());
  db.close();
  await db.open();
  const second = await record("lot:receive", uuid7(), receipt());
  expect(second.seq).toBe(first.seq + 1);
  const [one, two] = await chain();
  expect(readEnvelope(two!.envelope).prev).toBe(await paeDigest(one!.envelope));
});

test("a body of proxies, as screens hold it, is recorded like any other", async () => {
  const proxied = <T extends object>(value: T): T => new Proxy(value, {});
  const body = { task: uuid7(), kind: "concrete_pour.pouring", definition: { key: "concrete_pour", version: 1 } };
  const lists = { people: proxied([]), equipment: proxied([]), lots: proxied([]) };
  const step = uuid7();
  await record("step:record", step, proxied({ ...body, ...lists, environment: proxied({ weather: "clear" }), answers: proxied({}) }));
  expect(await db.steps.get([PROJECT, step])).toMatchObject({ environment: { weather: "clear" }, local: true });
});

test("the draft goes with the record, in the same transaction", async () => {
  await db.drafts.put({ key: "d", project_id: PROJECT, kind: "lot", saved_at: "", value: { note: utf8("x") } });
  await record("lot:receive", uuid7(), receipt(), { draft: "d" });
  expect(await db.drafts.count()).toBe(0);
});

function delivery(lot = uuid7()): Deed[] {
  const paper = { ...photo("certificate"), role: "certificate" };
  return [
    { type: "lot:receive", object: lot, body: receipt(), files: [photo("tag"), paper] },
    { type: "mark:bind", object: uuid7(), body: { kind: "typed", text: "A-1", value: "A-1", thing_kind: "lot", thing: lot } },
    { type: "certificate:attach", object: uuid7(), body: { kind: "quality_certificate", number: "C-1", lots: [lot], heats: [] }, files: [paper], needsFile: true },
  ];
}

test("acts that are kept together follow each other in the chain, and stand upon the first", async () => {
  await db.drafts.put({ key: "d", project_id: PROJECT, kind: "receive", saved_at: "", value: "x" });
  await recordTogether(delivery(), { draft: "d" });
  const acts = await chain();
  const said = acts.map((act) => readEnvelope(act.envelope));
  expect(said.map((one) => one.type)).toEqual(["lot:receive", "mark:bind", "certificate:attach"]);
  expect(said.map((one) => one.depends_on)).toEqual([[], [said[0]!.id], [said[0]!.id]]);
  for (const at of [1, 2]) expect(said[at]!.prev).toBe(await paeDigest(acts[at - 1]!.envelope));
  expect((await db.keys.get(DEVICE))?.seq).toBe(3);
  expect(await db.bytes.count()).toBe(2);
  expect(await db.drafts.count()).toBe(0);
});

test("when the last of several fails none is kept, the draft stays, and another try writes each once", async () => {
  await db.drafts.put({ key: "d", project_id: PROJECT, kind: "receive", saved_at: "", value: "x" });
  const failing = (_key: unknown, act: { type: string }): void => {
    if (act.type === "certificate:attach") throw new Error("the disk is gone");
  };
  db.acts.hook("creating", failing);
  try {
    await expect(recordTogether(delivery(), { draft: "d" })).rejects.toThrow("the disk is gone");
  } finally {
    db.acts.hook("creating").unsubscribe(failing);
  }
  expect([await db.acts.count(), await db.lots.count(), await db.bytes.count(), await db.drafts.count()]).toEqual([0, 0, 0, 1]);
  await recordTogether(delivery(), { draft: "d" });
  expect([await db.acts.count(), await db.lots.count(), await db.drafts.count()]).toEqual([3, 1, 0]);
});

test("a record that mends a refused one puts it aside in the same transaction, or leaves it where it was", async () => {
  const { act_id: wrong } = await record("lot:receive", uuid7(), receipt());
  await db.acts.update(wrong, { verdict: "refused", state: "needs-attention" });
  const failing = (): void => {
    throw new Error("the disk is gone");
  };
  db.drafts.hook("deleting", failing);
  await db.drafts.put({ key: "d", project_id: PROJECT, kind: "receive", saved_at: "", value: "x" });
  try {
    await expect(record("lot:receive", uuid7(), receipt(), { mends: wrong, draft: "d" })).rejects.toThrow("the disk is gone");
  } finally {
    db.drafts.hook("deleting").unsubscribe(failing);
  }
  expect(await db.acts.get(wrong)).toMatchObject({ dismissed: false, state: "needs-attention" });
  await record("lot:receive", uuid7(), receipt(), { mends: wrong, draft: "d" });
  expect(await db.acts.get(wrong)).toMatchObject({ dismissed: true, verdict: "refused" });
  expect(await db.acts.count()).toBe(2);
});
