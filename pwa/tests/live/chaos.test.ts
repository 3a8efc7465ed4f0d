/**
 * The engine on a line as sites have it, against a real server: many steps with photos, recorded without a line, then
 * sent through resets, lost answers and delay. tests/faults/test_chaos.py starts server and line, names them here, and
 * looks afterwards at what the server holds.
 */
import "fake-indexeddb/auto";
import { beforeAll, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { chooseProject, record, signIn, syncNow, uuid7 } from "../../src/capture";

// Only these tests know Node; the engine they load is typed for browsers.
declare const process: { env: Record<string, string | undefined> };
const { CHAOS_URL: url, CHAOS_LOGIN: login = "", CHAOS_PASSWORD: password = "", CHAOS_PROJECT: project = "" } = process.env;
const { CHAOS_TASK: task = "" } = process.env;
const [steps, photos, photoBytes] = ["STEPS", "PHOTOS", "PHOTO_BYTES"].map((name) => Number(process.env[`CHAOS_${name}`] ?? 0));
if (!url) console.info("Skipped: CHAOS_URL names no server; tests/faults/test_chaos.py does.");

let isCut = false;

beforeAll(() => {
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    if (isCut) return Promise.reject(new TypeError("no line"));
    return real(new URL(path, url), init);
  });
});

function picture(): ArrayBuffer {
  const bytes = new Uint8Array(photoBytes!);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes.buffer;
}

const body = {
  task,
  kind: "concrete_pour.delivery_check",
  definition: { key: "concrete_pour", version: 1 },
  lots: [],
};

async function unsent(): Promise<number> {
  const [acts, files] = [await db.acts.toArray(), await db.files.toArray()];
  return acts.filter((act) => act.verdict === null).length + files.filter((file) => file.state !== "sent").length;
}

test.skipIf(!url)("every step that was recorded arrives once, with every photo", { timeout: 3_600_000 }, async () => {
  for (let tries = 0; ; tries += 1) {
    const isIn = await signIn(login, password).then(() => true, () => false);
    if (isIn) break;
    expect(tries).toBeLessThan(50);
  }
  await chooseProject(project);
  isCut = true;
  for (let at = 0; at < steps!; at += 1) {
    const files = Array.from({ length: photos! }, () => ({ data: picture(), mime: "image/jpeg", role: "photo", subject: "e1", capture: "camera" as const }));
    await record("step:record", uuid7(), body as never, { project, files });
  }
  isCut = false;
  // A person's patience in small: each round is what a phone does after its back-off, which is not waited for here.
  for (let rounds = 0; (await unsent()) > 0 && rounds < 3000; rounds += 1) await syncNow();
  expect(await unsent()).toBe(0);
  expect((await db.acts.toArray()).map((act) => act.verdict).filter((verdict) => verdict === "refused")).toEqual([]);
  const files = await db.files.toArray();
  expect(files).toHaveLength(steps! * photos!);
  expect(files.filter((file) => file.verified_at === null)).toEqual([]);
});
