import { deadLine, FakeServer, freshPhone, photo, PROJECT, receipt, refusal } from "./support";
import { strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import { beforeEach, expect, test } from "vitest";
import { ArchiveUnreadable } from "../../src/capture/archive";
import { exportUnsent } from "../../src/capture/export";
import { handIn, type HandInItem } from "../../src/capture/handin";
import { record } from "../../src/capture/record";
import { uuid7 } from "../../src/capture/uuid7";

let server: FakeServer;
let act: string;

beforeEach(async () => {
  server = new FakeServer();
  server.judge = () => ({ received_at: new Date(Date.now() + 60_000).toISOString() });
  await freshPhone();
  act = (await record("lot:receive", uuid7(), receipt(), { project: PROJECT, files: [photo("tag"), photo("paper")] })).act_id;
});

const zipOf = (entries: Zippable, level: 0 | 6 = 0) => new Blob([zipSync(entries, { level })]);
const contents = async (): Promise<Record<string, Uint8Array>> => unzipSync(new Uint8Array(await (await exportUnsent()).arrayBuffer()));
const original = (entries: object, at = 0): string => Object.keys(entries).filter((name) => name.startsWith("originals/"))[at]!;
const told = (items: HandInItem[]) => items.map(({ what, state, reason }) => [what, state, reason]);
const ACCEPTED = [["act", "accepted", null], ["file", "accepted", null], ["file", "accepted", null]];

test("acts arrive as they were signed, and files with their bytes; a second time changes nothing", async () => {
  const zip = await exportUnsent();
  const entries = await contents();
  const first = await handIn(zip);
  expect(told(first.items)).toEqual(ACCEPTED);
  expect(server.stored.get(act)).toEqual(JSON.parse(new TextDecoder().decode(entries[`acts/00000001-${act}.json`])));
  expect([...server.uploaded.values()].map((bytes) => new TextDecoder().decode(bytes)).sort()).toEqual(["paper", "tag"]);

  server.judge = () => ({ received_at: "2026-11-22T08:00:00.000Z" });
  const puts = server.paths().filter((path) => path.includes("/put/")).length;
  expect(told((await handIn(zip)).items).map(([, state]) => state)).toEqual(["here", "here", "here"]);
  expect(server.paths().filter((path) => path.includes("/put/"))).toHaveLength(puts);
});

test("a file with other bytes, a file that is missing and one that nobody listed do not go; the rest does", async () => {
  const entries = await contents();
  entries[original(entries)] = strToU8("forged!".slice(0, entries[original(entries)]!.length));
  delete entries[original(entries, 1)];
  entries["originals/../../etc/passwd"] = strToU8("root");
  entries[`originals/${"a".repeat(64)}`] = strToU8("more");
  entries["acts/00000002-more.json"] = strToU8("{}");
  const { items } = await handIn(zipOf(entries));
  expect(told(items).filter(([what]) => what === "entry")).toEqual(Array(3).fill(["entry", "refused", "not-listed"]));
  expect(told(items).filter(([what]) => what !== "entry")).toEqual([
    ["act", "accepted", null], ["file", "refused", "other-bytes"], ["file", "refused", "missing"],
  ]);
  expect(server.uploaded.size).toBe(0);
});

test("an act that is cut, another act under its name, and one that is missing do not go", async () => {
  const name = `acts/00000001-${act}.json`;
  const entries = await contents();
  const other = { ...entries };
  const envelope = JSON.parse(new TextDecoder().decode(entries[name])) as { payload: string };
  const payload = JSON.parse(atob(envelope.payload)) as object;
  other[name] = strToU8(JSON.stringify({ ...envelope, payload: btoa(JSON.stringify({ ...payload, id: uuid7() })) }));
  expect(told((await handIn(zipOf(other))).items)[0]).toEqual(["act", "refused", "other-bytes"]);
  other[name] = entries[name]!.subarray(0, 40);
  expect(told((await handIn(zipOf(other))).items)[0]).toEqual(["act", "refused", "unreadable"]);
  delete other[name];
  expect(told((await handIn(zipOf(other))).items)[0]).toEqual(["act", "refused", "missing"]);
  expect(server.stored.size).toBe(0);
});

test("what the server refuses is told with its problem, and holds nothing else", async () => {
  const problem = { type: "/problems/device-unknown", title: "t", status: 403, detail: "d" };
  server.judge = () => ({ id: null, verdict: "refused", problem });
  server.verify = () => "file-digest-mismatch";
  const { items } = await handIn(await exportUnsent());
  expect(told(items)).toEqual([["act", "refused", null], ["file", "refused", null], ["file", "refused", null]]);
  expect(items[0]!.problem).toEqual(problem);
  server.before = ({ path }) => (path === "/api/acts" ? refusal(422, "malformed") : undefined);
  expect((await handIn(await exportUnsent())).items[0]!.problem!.type).toBe("/problems/malformed");
});

test("whatever is no export of a phone is refused whole, before anything is sent", async () => {
  const entries = await contents();
  const whole = new Uint8Array(await (await exportUnsent()).arrayBuffer());
  const bomb = zipOf({ ...entries, [original(entries)]: new Uint8Array(20_000_000) }, 6);
  expect(bomb.size).toBeLessThan(100_000);
  const manifest = (text: string): Blob => zipOf({ ...entries, "manifest.json": strToU8(text) });
  const lies = whole.slice();
  new DataView(lies.buffer).setUint32(whole.length - 6, whole.length * 2, true);
  const bad = [
    bomb, new Blob([whole.slice(0, whole.length - 40)]), new Blob([lies]), new Blob(["no archive at all"]), new Blob([]),
    manifest("{"), manifest('{"format":"plumbline-outbox","version":2,"acts":[],"files":[]}'),
    manifest('{"format":"plumbline-outbox","version":1,"made_at":"x","acts":[null],"files":[]}'),
    manifest('{"format":"plumbline-outbox","version":1,"made_at":"x","acts":[],"files":[{"sha256":"../../x"}]}'),
  ];
  for (const zip of bad) await expect(handIn(zip)).rejects.toThrow(ArchiveUnreadable);
  expect(server.stored.size + server.uploaded.size).toBe(0);
});

test("a line that is cut for a moment is tried again", async () => {
  let cuts = 1;
  server.before = ({ path }) => (path === "/api/acts" && (cuts -= 1) >= 0 ? deadLine() : undefined);
  expect(told((await handIn(await exportUnsent())).items)).toEqual(ACCEPTED);
});
