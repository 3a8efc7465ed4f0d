import { deadLine, FakeServer, freshPhone, photo, PROJECT, receipt, refusal, json } from "./support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { sourceOfBuffer } from "../../src/capture/kept";
import { filesAtOnce, lineBroke, lineCarried, lineWorth } from "../../src/capture/line";
import { record } from "../../src/capture/record";
import { sync, syncNow } from "../../src/capture/sync";
import type { UploadIntent } from "../../src/capture/types";
import { deliver, dropOldBytes } from "../../src/capture/uploads";
import { uuid7 } from "../../src/capture/uuid7";
import { carry, wayFor } from "../../src/capture/ways";

const MIB = 1024 * 1024;
const DAY_MS = 24 * 3600_000;
let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  await freshPhone();
});
afterEach(() => vi.unstubAllGlobals());

const receive = (...texts: string[]) => record("lot:receive", uuid7(), receipt(), { project: PROJECT, files: texts.map(photo) });
const states = async () => (await db.files.toArray()).map((file) => file.state);
const intent = (more: Partial<UploadIntent> = {}): UploadIntent => ({
  sha256: "", state: "upload", upload_id: "u", method: "PUT", url: "/put/u", headers: {}, expires_at: null, ...more,
});

/** A server that takes chunks of four bytes, keeps every byte that came, and may lose an answer. */
class Chunked {
  kept = "";
  readonly offsets: number[] = [];
  /** Lose the answer to the chunk at this offset, once. */
  loseAnswerAt = -1;
  constructor(private readonly text: string) {
    server.before = (seen) => this.answer(seen.method, seen.path, seen.body, Number(seen.headers.get("Upload-Offset")));
  }
  private answer(method: string, path: string, body: string, offset: number): Response | undefined {
    if (path.endsWith("/uploads")) return json({ uploads: [this.intent()] });
    if (path.endsWith("/complete")) {
      return this.kept === this.text ? json({ sha256: this.sha256, status: "verified" }) : refusal(409, "file-not-arrived");
    }
    if (path !== "/chunks/u") return undefined;
    const here = String(this.kept.length);
    if (method === "HEAD") return new Response(null, { status: 204, headers: { "Upload-Offset": here } });
    this.offsets.push(offset);
    if (offset !== this.kept.length) return json({ type: "/problems/upload-offset-wrong", status: 409, offset: this.kept.length }, 409);
    this.kept += body;
    if (offset === this.loseAnswerAt) {
      this.loseAnswerAt = -1;
      deadLine();
    }
    return new Response(null, { status: 204, headers: { "Upload-Offset": String(this.kept.length) } });
  }
  sha256 = "";
  private intent(): UploadIntent {
    return intent({ sha256: this.sha256, chunks: { url: "/chunks/u", chunk_bytes: 4, offset: this.kept.length } });
  }
}

test("a photo goes whole where the line is known to carry it, in chunks on any other, and a large file in parts", () => {
  const offered = intent({ chunks: { url: "/c", chunk_bytes: 256 * 1024, offset: 0 }, parts_url: "/parts" });
  const small = intent({ chunks: offered.chunks ?? null });
  const worth = (bytes_s: number | null, is_bad = false) => ({ bytes_s, is_bad });
  expect(wayFor(MIB, small, worth(MIB))).toBe("whole");
  expect(wayFor(MIB, small, worth(null))).toBe("chunks");
  expect(wayFor(MIB, small, worth(8_000))).toBe("chunks");
  expect(wayFor(MIB, small, worth(MIB, true))).toBe("chunks");
  expect(wayFor(5 * MIB, small, worth(MIB))).toBe("whole");
  expect(wayFor(5 * MIB + 1, small, worth(MIB))).toBe("chunks");
  expect(wayFor(8 * MIB, small, worth(2 * MIB))).toBe("chunks");
  expect(wayFor(8 * MIB + 1, offered, worth(2 * MIB))).toBe("parts");
  expect(wayFor(40 * MIB, offered, worth(2 * MIB))).toBe("parts");
  expect(wayFor(40 * MIB, offered, worth(null))).toBe("parts");
  expect(wayFor(40 * MIB, offered, worth(8_000))).toBe("chunks");
  expect(wayFor(40 * MIB, offered, worth(2 * MIB, true))).toBe("chunks");
  expect(wayFor(MIB, intent(), worth(null, true))).toBe("whole");
});

test("on a good line 5 MiB go in one piece, and one byte more in chunks", async () => {
  await lineCarried(2 * MIB, 1_000);
  const sent: number[] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: { body: ArrayBuffer | string }) => {
    if (url.endsWith("/uploads")) return json({ uploads: [intent({ sha256: "x", chunks: { url: "/c", chunk_bytes: 256 * 1024, offset: 0 } })] });
    if (url.endsWith("/complete")) return json({ sha256: "x", status: "verified" });
    sent.push((body as ArrayBuffer).byteLength);
    return new Response(null, { status: 204 });
  });
  const pieces = async (bytes: number): Promise<number[]> => {
    sent.length = 0;
    await deliver({ project_id: PROJECT, sha256: "x", bytes, mime: "image/jpeg" }, sourceOfBuffer(new ArrayBuffer(bytes)));
    return sent;
  };
  expect(await pieces(5 * MIB)).toEqual([5 * MIB]);
  const chunks = await pieces(5 * MIB + 1);
  expect(Math.max(...chunks)).toBeLessThanOrEqual(256 * 1024);
  expect(chunks.reduce((sum, one) => sum + one)).toBe(5 * MIB + 1);
});

test("a line that broke is bad for ten minutes, also after a restart, and not for longer by a clock set back", async () => {
  const now = Date.now();
  await lineBroke(now);
  db.close();
  await db.open();
  const isBad = async (at: number) => (await lineWorth(at)).is_bad;
  expect(await isBad(now + 9 * 60_000)).toBe(true);
  expect(await isBad(now + 11 * 60_000)).toBe(false);
  expect(await isBad(now - 3600_000)).toBe(false);
  expect(await filesAtOnce()).toBe(1);
});

test("what the line carried is remembered for ten minutes, and a few bytes say nothing", async () => {
  const now = Date.now();
  await lineCarried(80_000, 10_000, now);
  await lineCarried(2_000, 1, now);
  expect(await lineWorth(now + 60_000)).toEqual({ is_bad: false, bytes_s: 8_000 });
  expect(await filesAtOnce()).toBe(1);
  await lineBroke(now);
  expect(await lineWorth(now + 60_000)).toEqual({ is_bad: true, bytes_s: 8_000 });
  expect((await lineWorth(now + 11 * 60_000)).bytes_s).toBeNull();
});

test("on a slow line chunks become short, on a fast one as long as the server likes them", async () => {
  const clock = vi.spyOn(performance, "now");
  for (const [ms, second] of [[8_000, 32 * 1024], [1_000, 256 * 1024]] as const) {
    const data = sourceOfBuffer(new ArrayBuffer(MIB));
    const lengths: number[] = [];
    let elapsed = 0;
    clock.mockImplementation(() => elapsed);
    vi.stubGlobal("fetch", async (_url: string, { body }: { body: ArrayBuffer }) => {
      lengths.push(body.byteLength);
      elapsed += (ms * body.byteLength) / (64 * 1024);
      return new Response(null, { status: 204 });
    });
    await carry("chunks", intent({ chunks: { url: "/c", chunk_bytes: 256 * 1024, offset: 0 } }), data);
    expect(lengths.slice(0, 3)).toEqual([64 * 1024, second, second]);
    expect(lengths.reduce((sum, one) => sum + one)).toBe(MIB);
  }
  clock.mockRestore();
});

/** How many of three photos were on their way at the same moment, at most. */
async function mostAtOnce(): Promise<number> {
  await receive("one", "two", "three");
  let [now, most] = [0, 0];
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (!url.startsWith("/put/")) return real(url, init);
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    now -= 1;
    return real(url, init);
  });
  await sync();
  expect(server.paths().filter((path) => path.startsWith("PUT /put/"))).toHaveLength(3);
  expect(await states()).toEqual(["sent", "sent", "sent"]);
  return most;
}

test("two photos are on their way at once, and never the same one twice", async () => {
  expect(await mostAtOnce()).toBe(2);
});

function browserSays(connection: object): void {
  vi.stubGlobal("navigator", { locks: navigator.locks, connection });
}

test.each<[string, () => void | Promise<void>, 1 | 2]>([
  ["was measured as fast", () => lineCarried(400_000, 1_000), 2],
  ["was measured as slow", () => lineCarried(80_000, 10_000), 1],
  ["broke", () => lineBroke(), 1],
  ["is said to be 4g", () => browserSays({ effectiveType: "4g", saveData: false }), 2],
  ["is said to be 2g", () => browserSays({ effectiveType: "2g" }), 1],
  ["is said to be slow-2g", () => browserSays({ effectiveType: "slow-2g" }), 1],
  ["is to be spared", () => browserSays({ effectiveType: "4g", saveData: true }), 1],
])("how many photos go at once on a line that %s", async (_line, make, count) => {
  await make();
  expect(await mostAtOnce()).toBe(count);
});

test("a photo stays for 14 days after it was verified, and as long as it takes until it is", async () => {
  await receive("verified");
  await sync();
  await receive("not yet");
  const kept = async () => (await db.bytes.toArray()).map((one) => new TextDecoder().decode(one.data)).sort();
  expect(await dropOldBytes(Date.now() + 13 * DAY_MS)).toBe(0);
  expect(await kept()).toEqual(["not yet", "verified"]);
  expect(await dropOldBytes(Date.now() + 15 * DAY_MS)).toBe(1);
  expect(await kept()).toEqual(["not yet"]);
});

test("after one break a photo goes in chunks, one photo at a time", async () => {
  const chunked = new Chunked("a photo of it");
  await receive("a photo of it");
  chunked.sha256 = (await db.files.toArray())[0]!.sha256;
  await lineBroke();
  await sync();
  expect(chunked.offsets).toEqual([0, 4, 8, 12]);
  expect(await states()).toEqual(["sent"]);
});

test("an answer lost after its chunk was kept costs no byte again", async () => {
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void) => void queueMicrotask(run)) as unknown as typeof setTimeout);
  const chunked = new Chunked("a photo of it");
  await receive("a photo of it");
  chunked.sha256 = (await db.files.toArray())[0]!.sha256;
  chunked.loseAnswerAt = 4;
  await lineBroke();
  await sync();
  expect(chunked.offsets).toEqual([0, 4, 8, 12]);
  expect(await states()).toEqual(["sent"]);
});

test("a chunk that begins at the wrong place goes on where the server stands", async () => {
  const chunked = new Chunked("a photo of it");
  await receive("a photo of it");
  chunked.sha256 = (await db.files.toArray())[0]!.sha256;
  chunked.kept = "a photo";
  const offered = server.before;
  // The intent was answered before a cut chunk had been written down.
  server.before = (seen) =>
    seen.path.endsWith("/uploads")
      ? json({ uploads: [intent({ sha256: chunked.sha256, chunks: { url: "/chunks/u", chunk_bytes: 4, offset: 4 } })] })
      : offered(seen);
  await lineBroke();
  await sync();
  expect(chunked.offsets).toEqual([4, 7, 11]);
  expect(await states()).toEqual(["sent"]);
});

test("of a large file only the parts go that are not there, each by an address asked for just before", async () => {
  const put: string[] = [];
  await receive("12345678AB");
  const sha256 = (await db.files.toArray())[0]!.sha256;
  server.before = (seen) => {
    if (seen.path.endsWith("/uploads")) return json({ uploads: [intent({ sha256, parts_url: "/parts" })] });
    if (seen.path.endsWith("/complete")) return json({ sha256, status: "verified" });
    if (seen.path.startsWith("/part/")) {
      put.push(`${seen.path} ${seen.body}`);
      return new Response(null, { status: 200 });
    }
    if (seen.path !== "/parts") return undefined;
    const known = { part_bytes: 4, count: 3, done: [1], parts: [] as object[] };
    if (seen.method === "GET") return json(known);
    const [number] = (JSON.parse(seen.body) as { numbers: number[] }).numbers;
    return json({ ...known, parts: [{ number, bytes: number === 3 ? 2 : 4, url: `/part/${number}`, headers: {} }] });
  };
  await sync();
  expect(put).toEqual(["/part/2 5678", "/part/3 AB"]);
  expect(await states()).toEqual(["sent"]);
});

test("an address that has ended is asked for again at once", async () => {
  await receive("photo");
  let refused = 0;
  server.before = (seen) => (seen.path.startsWith("/put/") && (refused += 1) === 1 ? new Response("expired", { status: 403 }) : undefined);
  await sync();
  expect(server.paths().filter((path) => path.endsWith("/uploads"))).toHaveLength(2);
  expect(await states()).toEqual(["sent"]);
});

test("a photo whose line breaks waits, and the records go on", async () => {
  await receive("photo");
  let broken = true;
  server.before = (seen) => (broken && seen.path.startsWith("/put/") ? deadLine() : undefined);
  await sync();
  expect(await states()).toEqual(["waiting"]);
  expect((await lineWorth()).is_bad).toBe(true);
  broken = false;
  await syncNow();
  expect(await states()).toEqual(["sent"]);
});
