/** A photo says where it was taken: at the shutter, by the best fix then, and without one the form is saved all the same. */
import { FakeServer, freshPhone, PROJECT, readEnvelope, receipt } from "../capture/support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { captureFiles, markedShot, mediaShot, shotOf, whereOf, type Shot } from "../../src/app/crew/shots";
import { db } from "../../src/capture/db";
import { position, record, uuid7 } from "../../src/capture";

const BEGUN = Date.UTC(2026, 10, 28, 8);
let found: (fix: object) => void;
let failed: (error: object) => void;
let leave: () => void;
/** Each test an hour after the one before it, so that no fix of that is left. */
let hour = 0;

beforeEach(async () => {
  new FakeServer();
  await freshPhone();
  vi.useFakeTimers({ toFake: ["Date"], now: BEGUN + (hour += 1) * 3600_000 });
  const watchPosition = (onfix: typeof found, onerror: typeof failed): number => {
    [found, failed] = [onfix, onerror];
    return 1;
  };
  vi.stubGlobal("navigator", { locks: navigator.locks, geolocation: { watchPosition, clearWatch: () => undefined } });
  leave = position.subscribe(() => undefined);
});
afterEach(() => {
  leave();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const fix = (accuracy: number, latitude: number): void => found({ coords: { latitude, longitude: 121, accuracy }, timestamp: Date.now() });
const later = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);
const shoot = (capture: "camera" | "gallery" | "document" = "camera"): Promise<Shot> => shotOf(new Blob(["photo"], { type: "image/jpeg" }), "", capture);

async function saved(shots: Shot[]) {
  const { act_id } = await record("lot:receive", uuid7(), receipt(), { project: PROJECT, files: captureFiles(shots, "photo"), where: whereOf(shots) });
  return readEnvelope((await db.acts.get(act_id))!.envelope);
}

test("the act says where the last photo was taken, how exactly that is known and how old the fix was", async () => {
  fix(30, 31.1);
  fix(6, 31.2);
  later(4);
  const shooting = shoot();
  later(90);
  fix(3, 31.9);
  const shot = await shooting;
  expect((await saved([shot])).where).toEqual({ lat: "31.2000000", lon: "121.0000000", accuracy_m: "6.0", fix_age_ms: 4_000 });
});

test("of several the newest that has a position counts; a picture from the gallery has none", async () => {
  fix(6, 31.1);
  const first = await shoot();
  later(70);
  fix(6, 31.2);
  const second = await shoot();
  const picked = await shoot("gallery");
  const paper = await shoot("document");
  const video = mediaShot({ media: uuid7(), sha256: "x", bytes: 1, mime: "video/mp4" }, "", "gallery");
  expect([picked.where, paper.where, video.where]).toEqual([null, null, null]);
  expect(whereOf([first, second, picked, paper, video])).toEqual(second.where);
  expect(whereOf([first, picked])).toMatchObject({ lat: "31.1000000" });
});

test("a marked copy was taken where its original was", async () => {
  fix(6, 31.1);
  const original = await shoot();
  later(70);
  fix(6, 31.2);
  expect((await markedShot(new Blob(["marked"]), original)).where).toEqual(original.where);
});

test("a form without a photo says where the hand was when it was saved", async () => {
  fix(6, 31.4);
  later(3);
  expect((await saved([])).where).toMatchObject({ lat: "31.4000000", fix_age_ms: 3_000 });
});

test("where the position is refused, photo and form are kept without one", async () => {
  failed({ code: 1 });
  const shot = await shoot();
  expect(shot.where).toBeNull();
  const act = await saved([shot]);
  expect(act.where).toBeNull();
  expect(act.files).toHaveLength(1);
  expect(await db.bytes.count()).toBe(1);
});
