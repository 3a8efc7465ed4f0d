import { FakeServer, freshPhone, json, PROJECT, readEnvelope, receipt } from "./support";
import { unzipSync } from "fflate";
import { beforeEach, expect, test, vi } from "vitest";
import { sha256Hex } from "../../src/capture/bytes";
import { db } from "../../src/capture/db";
import { deleteDraft, saveDraft } from "../../src/capture/drafts";
import { StorageFull } from "../../src/capture/errors";
import { exportUnsent } from "../../src/capture/export";
import { localBlob } from "../../src/capture/kept";
import { keepMedia, MediaKeeper } from "../../src/capture/media";
import { dropLostMedia } from "../../src/capture/pieces";
import { record } from "../../src/capture/record";
import { sync } from "../../src/capture/sync";
import { dropOldBytes } from "../../src/capture/uploads";
import { uuid7 } from "../../src/capture/uuid7";

const MIB = 1024 * 1024;
const DAY_MS = 24 * 3600_000;

beforeEach(async () => {
  new FakeServer();
  await freshPhone();
});

function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

const video = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes], { type: "video/webm;codecs=vp9" });
const recorded = (media: Awaited<ReturnType<typeof keepMedia>>) =>
  record("lot:receive", uuid7(), receipt(), { project: PROJECT, files: [{ data: media, role: "photo", capture: "camera" }] });

test("a recording is kept while it comes, and the record names what is here already", async () => {
  const bytes = noise(1.5 * MIB);
  const keeper = new MediaKeeper();
  for (let at = 0; at < bytes.length; at += 300_000) void keeper.add(new Blob([bytes.slice(at, at + 300_000)]));
  const kept = await keeper.end("video/webm;codecs=vp9");
  expect(kept).toMatchObject({ sha256: await sha256Hex(bytes), bytes: bytes.length, mime: "video/webm" });
  const { act_id } = await recorded(kept);
  expect(readEnvelope((await db.acts.get(act_id))!.envelope).files).toEqual([
    { sha256: kept.sha256, bytes: bytes.length, mime: "video/webm", role: "photo", capture: "camera" },
  ]);
  expect(await db.bytes.count()).toBe(0);
  const shown = await localBlob(PROJECT, kept.sha256);
  expect(shown?.type).toBe("video/webm");
  expect(await sha256Hex(await shown!.arrayBuffer())).toBe(kept.sha256);
});

test("a video goes in parts, each read from the pieces as it is sent, and is whole at the other end", async () => {
  const bytes = noise(1.5 * MIB);
  const kept = await keepMedia(video(bytes));
  await recorded(kept);
  const parts = new Map<number, Uint8Array>();
  const part_bytes = 500_000;
  const count = Math.ceil(bytes.length / part_bytes);
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const upload = { sha256: kept.sha256, state: "upload", upload_id: "u", parts_url: "/parts" };
    if (url.endsWith("/uploads")) return json({ uploads: [upload] });
    if (url.endsWith("/complete")) return json({ sha256: kept.sha256, status: "verified" });
    const number = Number(/^\/part\/(\d+)$/.exec(url)?.[1] ?? NaN);
    if (number) {
      parts.set(number, new Uint8Array(init?.body as ArrayBuffer));
      return new Response(null, { status: 200 });
    }
    if (url !== "/parts") return real(url, init);
    const wanted = init?.method === "POST" ? (JSON.parse(init.body as string) as { numbers: number[] }).numbers : [];
    const addresses = wanted.map((one) => ({
      number: one, bytes: Math.min(part_bytes, bytes.length - (one - 1) * part_bytes), url: `/part/${one}`, headers: {},
    }));
    return json({ part_bytes, count, done: [], parts: addresses });
  });
  await sync();
  expect([...parts.keys()]).toEqual([1, 2, 3, 4]);
  expect(await sha256Hex(await new Blob([...parts.values()] as Uint8Array<ArrayBuffer>[]).arrayBuffer())).toBe(kept.sha256);
  expect((await db.files.toArray())[0]).toMatchObject({ state: "sent" });
});

test("the rescue archive holds a video whole", async () => {
  const bytes = noise(1.2 * MIB);
  const kept = await keepMedia(video(bytes));
  await recorded(kept);
  const zip = unzipSync(new Uint8Array(await (await exportUnsent()).arrayBuffer()));
  expect(await sha256Hex(new Uint8Array(zip[`originals/${kept.sha256}`]!))).toBe(kept.sha256);
});

test("pieces of a verified video are given back after 14 days, of one nobody names after a day", async () => {
  const sent = await keepMedia(video(noise(1000)));
  await recorded(sent);
  await sync();
  const drafted = await keepMedia(video(noise(1000)));
  await saveDraft("log", PROJECT, "photos", [], [drafted.media]);
  await keepMedia(video(noise(1000)));
  expect(await dropLostMedia()).toBe(0);
  expect(await dropLostMedia(Date.now() + 2 * DAY_MS)).toBe(1);
  expect(await db.pieces.count()).toBe(2);
  expect(await dropOldBytes(Date.now() + 13 * DAY_MS)).toBe(0);
  expect((await localBlob(PROJECT, sent.sha256))?.size).toBe(1000);
  expect(await dropOldBytes(Date.now() + 15 * DAY_MS)).toBe(1);
  expect(await localBlob(PROJECT, sent.sha256)).toBeNull();
  await deleteDraft("log");
  expect(await dropLostMedia(Date.now() + 2 * DAY_MS)).toBe(1);
  expect(await db.pieces.count()).toBe(0);
});

test("a full device refuses a video with its reason and keeps nothing of it", async () => {
  let room = 2;
  vi.spyOn(db.pieces, "put").mockImplementation((() =>
    room-- > 0 ? Promise.resolve() : Promise.reject(new DOMException("full", "QuotaExceededError"))) as unknown as typeof db.pieces.put);
  await expect(keepMedia(video(noise(4 * MIB)))).rejects.toThrow(StorageFull);
  expect(await db.pieces.count()).toBe(0);
});
