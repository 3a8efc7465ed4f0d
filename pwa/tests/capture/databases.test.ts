/**
 * A phone that lay in a drawer over several releases: whatever version wrote its database, this one opens it and sends
 * what is unsent, as the bytes that were signed. releases/phone.json is what the first release left on a foreman's phone
 * (its key is the fixture's own and opens nothing): three photos of two receipts, one of them on its way at the crash.
 */
import { DEVICE, FakeServer, PROJECT, receipt, paeDigest } from "./support";
import { beforeEach, expect, test } from "vitest";
import Dexie from "dexie";
import { fromBase64, sha256Hex } from "../../src/capture/bytes";
import { db, type ActEntry } from "../../src/capture/db";
import { pae } from "../../src/capture/keys";
import { record } from "../../src/capture/record";
import { sync } from "../../src/capture/sync";
import { uuid7 } from "../../src/capture/uuid7";
import phone from "./releases/phone.json";
import { STORES } from "./releases/stores";

const RELEASES = Object.keys(STORES).map(Number);
const P256 = { name: "ECDSA", namedCurve: "P-256" };
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

/** Leave on this device what a release of that version wrote, closed. */
async function leftBy(version: number): Promise<void> {
  await db.delete({ disableAutoOpen: false });
  const old = new Dexie(db.name);
  old.version(version).stores(STORES[version]!);
  const { jwk, ...key } = phone.key;
  const private_key = await crypto.subtle.importKey("jwk", jwk as JsonWebKey, P256, false, ["sign"]);
  await old.table("keys").add({ ...key, private_key });
  await old.table("session").add(phone.session);
  for (const table of ["acts", "files", "lots"] as const) await old.table(table).bulkAdd(phone[table]);
  await old.table("bytes").bulkAdd(phone.bytes.map((one) => ({ ...one, data: fromBase64(one.data).buffer })));
  await old.table("drafts").add({ key: "half", project_id: PROJECT, kind: "receive", saved_at: "", value: { heat_no: "H-1" } });
  await old.table("meta").add({ project_id: PROJECT, cursor: 41, head: 41, current_at: null });
  old.close();
}

test.each(RELEASES)("what version %i left unsent is opened and sent, byte for byte", async (version) => {
  await leftBy(version);
  await db.open();
  await sync();
  for (const act of phone.acts) expect(server.stored.get(act.id)).toEqual(act.envelope);
  for (const { sha256, data } of phone.bytes) {
    expect(await sha256Hex(fromBase64(data))).toBe(sha256);
    expect(server.uploaded.get(sha256)).toEqual(fromBase64(data));
  }
  expect((await db.acts.toArray()).map((act) => act.state)).toEqual(["sent", "sent"]);
  expect((await db.files.toArray()).map((file) => file.state)).toEqual(["sent", "sent", "sent"]);
  expect(await db.drafts.get("half")).toMatchObject({ value: { heat_no: "H-1" } });
});

test.each(RELEASES)("the chain that version %i began is continued with its key", async (version) => {
  await leftBy(version);
  await db.open();
  const { act_id, seq } = await record("lot:receive", uuid7(), receipt());
  expect(seq).toBe(phone.key.seq + 1);
  const { envelope } = (await db.acts.get(act_id)) as ActEntry;
  const payload = JSON.parse(new TextDecoder().decode(fromBase64(envelope.payload))) as { prev: string; device: string };
  expect(payload).toMatchObject({ prev: await paeDigest(phone.acts[1]!.envelope), device: DEVICE });
  const key = await crypto.subtle.importKey("raw", fromBase64(phone.key.public_key), P256, false, ["verify"]);
  const hash = { name: "ECDSA", hash: "SHA-256" };
  const signed = pae(fromBase64(envelope.payload));
  expect(await crypto.subtle.verify(hash, key, fromBase64(envelope.signature), signed)).toBe(true);
});

test("each version of the database stands in releases/stores.ts as it was shipped", async () => {
  await db.delete({ disableAutoOpen: false });
  await db.open();
  expect(Math.max(...RELEASES)).toBe(db.verno);
  expect(RELEASES).toEqual(Array.from({ length: db.verno }, (_, at) => at + 1));
  const shipped = new Dexie("shipped");
  shipped.version(1).stores(STORES[db.verno]!);
  await shipped.open();
  const shape = (one: Dexie): unknown =>
    one.tables.map(({ name, schema }) => [name, schema.primKey.src, schema.indexes.map((index) => index.src).sort()]).sort();
  expect(shape(db)).toEqual(shape(shipped));
  await shipped.delete();
});
