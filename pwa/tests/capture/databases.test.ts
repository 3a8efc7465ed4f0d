/**
 * A phone that lay in a drawer over several releases: whatever version wrote its database, this one opens it and sends
 * what is unsent, as the bytes that were signed. releases/phone.json is what the first release left on a foreman's phone:
 * three photos of two receipts, one of them on its way at the crash. Later releases left more: the fifth a receipt with
 * a video in pieces (recording.json), the sixth a colleague's receipt behind his PIN (sealed.json). The keys are the
 * fixtures' own and open nothing.
 */
import { DEVICE, FakeServer, PROJECT, receipt, paeDigest } from "./support";
import { beforeEach, expect, test } from "vitest";
import Dexie from "dexie";
import { fromBase64, sha256Hex } from "../../src/capture/bytes";
import { db, type ActEntry } from "../../src/capture/db";
import { loadDraft } from "../../src/capture/drafts";
import { pae } from "../../src/capture/keys";
import { unlock } from "../../src/capture/people";
import { mediaBlob } from "../../src/capture/pieces";
import { answersTo, findMarks, recalls } from "../../src/capture/queries";
import { record } from "../../src/capture/record";
import { sync } from "../../src/capture/sync";
import { uuid7 } from "../../src/capture/uuid7";
import type { Readable } from "../../src/shared/store";
import phone from "./releases/phone.json";
import recording from "./releases/recording.json";
import sealed from "./releases/sealed.json";
import { STORES } from "./releases/stores";

const RELEASES = Object.keys(STORES).map(Number);
const since = (version: number): number[] => RELEASES.filter((one) => one >= version);
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const LOT = phone.lots[0]!.id;
/** A recording of long ago that only a draft names. */
const DRAFTED = "01990000-0000-7000-8000-0000000000e5";
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

/** What the foreman had recorded, and how far his chain went. */
function leftUnsent(version: number) {
  if (version < 5) return { acts: phone.acts, files: phone.bytes, head: phone.key };
  const video = { sha256: recording.file.sha256, data: btoa(recording.pieces.map((piece) => atob(piece.data)).join("")) };
  return { acts: [...phone.acts, recording.act], files: [...phone.bytes, video], head: recording.key };
}

const keyOf = async ({ jwk, ...key }: typeof phone.key) => ({
  ...key,
  private_key: await crypto.subtle.importKey("jwk", jwk as JsonWebKey, P256, false, ["sign"]),
});

/** The tables that came with a later release, by that release's version. */
const OWN: Record<number, (old: Dexie) => Promise<unknown>> = {
  2: (old) => old.table("marks").add({ project_id: PROJECT, id: uuid7(), kind: "maker", text: "H 2231", value: "H2231", thing_kind: "lot", thing_id: LOT, act_id: uuid7() }),
  3: (old) => old.table("answers").add({ project_id: PROJECT, id: uuid7(), act_id: LOT, decision: "asked", note: "Which truck?", new_act_id: null, by: uuid7(), at: "" }),
  4: (old) => old.table("recalls").add({ project_id: PROJECT, id: LOT, code: "R-1", is_drill: false, status: "open", opened_at: "" }),
  5: async (old) => {
    await old.table("acts").add(recording.act);
    await old.table("files").add(recording.file);
    await old.table("pieces").bulkAdd(recording.pieces.map((piece) => ({ ...piece, data: fromBase64(piece.data).buffer })));
    await old.table("keys").update(DEVICE, recording.key);
    await old.table("pieces").add({ media: DRAFTED, at: 0, data: fromBase64(btoa("voice")).buffer });
    await old.table("drafts").add({ key: "spoken", project_id: PROJECT, kind: "photos", saved_at: "", value: "a note", media: [DRAFTED] });
  },
  6: async (old) => {
    const { salt, iv, sealed: box, ...person } = sealed.person;
    await old.table("people").add({ ...person, salt: fromBase64(salt), iv: fromBase64(iv), sealed: fromBase64(box).buffer });
    await old.table("keys").add(await keyOf(sealed.key));
    await old.table("acts").add(sealed.act);
  },
};

/** Leave on this device what a release of that version wrote, closed. */
async function leftBy(version: number): Promise<void> {
  await db.delete({ disableAutoOpen: false });
  const old = new Dexie(db.name);
  old.version(version).stores(STORES[version]!);
  await old.table("keys").add(await keyOf(phone.key));
  await old.table("session").add(phone.session);
  for (const table of ["acts", "files", "lots"] as const) await old.table(table).bulkAdd(phone[table]);
  await old.table("bytes").bulkAdd(phone.bytes.map((one) => ({ ...one, data: fromBase64(one.data).buffer })));
  await old.table("drafts").add({ key: "half", project_id: PROJECT, kind: "receive", saved_at: "", value: { heat_no: "H-1" } });
  await old.table("meta").add({ project_id: PROJECT, cursor: 41, head: 41, current_at: null });
  for (const [first, add] of Object.entries(OWN)) if (version >= Number(first)) await add(old);
  old.close();
}

/** What a screen is told first. */
async function told<T>(store: Readable<T | undefined>): Promise<T> {
  let leave = (): void => undefined;
  const value = await new Promise<T>((resolve) => (leave = store.subscribe((now) => now !== undefined && resolve(now))));
  leave();
  return value;
}

test.each(RELEASES)("what version %i left unsent is opened and sent, byte for byte", async (version) => {
  await leftBy(version);
  await db.open();
  await sync();
  const { acts, files } = leftUnsent(version);
  expect(server.stored.size).toBe(acts.length);
  expect(server.uploaded.size).toBe(files.length);
  for (const act of acts) expect(server.stored.get(act.id)).toEqual(act.envelope);
  for (const { sha256, data } of files) {
    expect(await sha256Hex(fromBase64(data))).toBe(sha256);
    expect(server.uploaded.get(sha256)).toEqual(fromBase64(data));
  }
  for (const act of acts) expect(await db.acts.get(act.id)).toMatchObject({ state: "sent" });
  expect((await db.files.toArray()).map((file) => file.state)).toEqual(files.map(() => "sent"));
  expect(await db.drafts.get("half")).toMatchObject({ value: { heat_no: "H-1" } });
});

test.each(RELEASES)("the chain that version %i began is continued with its key", async (version) => {
  await leftBy(version);
  await db.open();
  const { act_id, seq } = await record("lot:receive", uuid7(), receipt());
  const { acts, head } = leftUnsent(version);
  expect(seq).toBe(head.seq + 1);
  const { envelope } = (await db.acts.get(act_id)) as ActEntry;
  const payload = JSON.parse(new TextDecoder().decode(fromBase64(envelope.payload))) as { prev: string; device: string };
  expect(payload).toMatchObject({ prev: await paeDigest(acts.at(-1)!.envelope), device: DEVICE });
  const key = await crypto.subtle.importKey("raw", fromBase64(phone.key.public_key), P256, false, ["verify"]);
  const hash = { name: "ECDSA", hash: "SHA-256" };
  const signed = pae(fromBase64(envelope.payload));
  expect(await crypto.subtle.verify(hash, key, fromBase64(envelope.signature), signed)).toBe(true);
});

test.each(since(2))("by a mark that version %i knew its thing is found", async (version) => {
  await leftBy(version);
  expect(await findMarks(PROJECT, "H2231", [])).toEqual([{ kind: "lot", id: LOT }]);
});

test.each(since(3))("the answer that version %i had is shown beside its act", async (version) => {
  await leftBy(version);
  expect((await told(answersTo(PROJECT))).get(LOT)).toMatchObject({ note: "Which truck?" });
});

test.each(since(4))("the recall that version %i had is open", async (version) => {
  await leftBy(version);
  expect(await told(recalls(PROJECT))).toMatchObject([{ id: LOT, status: "open" }]);
});

test.each(since(5))("the recording that a draft of version %i names stays, however old it is", async (version) => {
  await leftBy(version);
  await sync();
  expect(await loadDraft("spoken")).toBe("a note");
  expect(await (await mediaBlob({ media: DRAFTED, mime: "audio/mp4" })).text()).toBe("voice");
});

test.each(since(6))("what version %i sealed waits for the PIN, and then goes as it was signed", async (version) => {
  await leftBy(version);
  await sync();
  expect(server.stored.has(sealed.act.id)).toBe(false);
  await unlock(sealed.person.person_id, sealed.pin);
  expect(await db.session.get("current")).toMatchObject({ person: { id: sealed.person.person_id }, device_id: sealed.key.device_id });
  await sync();
  expect(server.stored.get(sealed.act.id)).toEqual(sealed.act.envelope);
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
