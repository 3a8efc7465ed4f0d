/**
 * The engine against a real server: sign-in, a project, a delivery with its photo, and the feed that comes back.
 *
 * Runs when PLUMBLINE_URL, PLUMBLINE_LOGIN and PLUMBLINE_PASSWORD name a server and somebody who may create projects.
 */
import "fake-indexeddb/auto";
import { beforeAll, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import {
  chooseProject,
  findCode,
  findRow,
  loadDefinitions,
  me,
  newCode,
  payloadOf,
  record,
  resolveCode,
  signIn,
  signOut,
  storedAct,
  sync,
  trace,
  uuid7,
} from "../../src/capture";

// Only these tests know Node; the engine they load is typed for browsers.
declare const process: { env: Record<string, string | undefined> };
const { PLUMBLINE_URL: url, PLUMBLINE_LOGIN: login = "", PLUMBLINE_PASSWORD: password = "" } = process.env;
if (!url) console.info("Skipped: PLUMBLINE_URL names no server.");

const project = uuid7();

beforeAll(() => {
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => real(new URL(path, url), init));
});

async function act(id: string) {
  return (await db.acts.get(id))!;
}

test.skipIf(!url)("a delivery goes from the phone to the server and comes back as the truth", { timeout: 60_000 }, async () => {
  await signIn(login, password);
  await chooseProject(project);
  const site: [string, string][] = [["31.2300", "121.4700"], ["31.2300", "121.4720"], ["31.2315", "121.4720"]];
  const code = `T${Date.now() % 1_000_000}`;
  const body = { name: "滨江住宅楼", code, time_zone: "Asia/Shanghai", site, sample: false };
  const opened = await record("project:create", project, body);
  await sync();
  expect(await act(opened.act_id)).toMatchObject({ state: "sent", verdict: "applied", problem: null });

  const [lot, qr] = [uuid7(), newCode()];
  const tag = new Blob([`tag of ${lot}`], { type: "image/jpeg" });
  const delivery = { material: (await loadDefinitions()).materials[0]!.id, quantity: "12.5", unit: "t", qr, heat_no: "H-2231" };
  const where = { lat: "31.2301000", lon: "121.4701000", accuracy_m: "6.0", fix_age_ms: 1200 };
  const files = [{ data: tag, role: "photo", subject: "tag", capture: "camera" as const }];
  const received = await record("lot:receive", lot, delivery, { files, where });
  expect(await findRow("lot", project, lot)).toMatchObject({ local: true });
  await sync();
  expect((await act(received.act_id)).problem).toBeNull();
  expect(await act(received.act_id)).toMatchObject({ state: "sent" });
  expect(await db.files.toArray()).toMatchObject([{ state: "sent", problem: null }]);

  await sync();
  const row = await findRow("lot", project, lot);
  expect(row).toMatchObject({ on_hand: "12.5", heat_no: "H-2231", files: [{ status: "verified" }] });
  expect(row?.local).toBeUndefined();
  expect(await findCode(qr)).toEqual({ kind: "lot", id: lot, project_id: project });
  expect(await resolveCode(qr)).toMatchObject({ kind: "lot", id: lot });
  const stored = await storedAct(project, received.act_id);
  expect(JSON.parse(stored.payload)).toEqual(payloadOf(await act(received.act_id)));
  expect(stored.signature_holds).toBe(true);
  expect((await trace(project, { node: lot, kind: "lot", direction: "both" })).start).toEqual([lot]);
});

test.skipIf(!url)("the device keeps its key and its chain over sign-out", { timeout: 60_000 }, async () => {
  const { device_id, device_seq } = await me();
  expect(device_seq?.seq).toBe((await db.keys.get(device_id!))?.seq);
  await signOut();
  await signIn(login, password);
  expect((await me()).device_id).toBe(device_id);
});
