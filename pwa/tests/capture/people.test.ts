import { FakeServer, FOREMAN, freshPhone, json, photo, PROJECT, receipt } from "./support";
import { beforeEach, expect, test, vi } from "vitest";
import { outboxCounts } from "../../src/capture/counts";
import { db } from "../../src/capture/db";
import { loadDraft, saveDraft } from "../../src/capture/drafts";
import { handOver, PinWrong, setPin, unlock } from "../../src/capture/people";
import { record } from "../../src/capture/record";
import { signIn, signOut } from "../../src/capture/session";
import { sync } from "../../src/capture/sync";
import { uuid7 } from "../../src/capture/uuid7";

const WANG = { id: "01990000-0000-7000-8000-0000000000f2", display_name: "王强", login: "wang" };
let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  await freshPhone();
  server.before = (seen) => {
    const is_wang = seen.headers.get("Authorization")?.includes("wang");
    if (seen.path === "/api/me" && is_wang) return json({ person: WANG, projects: [], server_time: new Date().toISOString() });
    if (seen.path !== "/api/sign-in") return undefined;
    const { device } = JSON.parse(seen.body) as { device: { id?: string } };
    return json({ access_token: "wang-1", expires_in: 600, refresh_token: "wang-r", person: WANG, device_id: device.id ?? uuid7(), project_id: PROJECT });
  };
  // The real number of rounds is for thieves; a test needs only that they are made.
  const derive = crypto.subtle.deriveKey.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, "deriveKey").mockImplementation(((how: Pbkdf2Params, ...rest: unknown[]) =>
    (derive as (...given: unknown[]) => Promise<CryptoKey>)({ ...how, iterations: 10 }, ...rest)) as typeof crypto.subtle.deriveKey);
});

async function wangTakesOver(): Promise<string> {
  await setPin("2580");
  const { act_id } = await record("lot:receive", uuid7(), receipt(), { files: [photo("of the foreman")] });
  await saveDraft("log", PROJECT, "log", "half");
  await handOver();
  await signIn("wang", "secret");
  return act_id;
}

const counts = () => new Promise<number>((resolve) => outboxCounts.subscribe((now) => now && resolve(now.waiting_acts + now.waiting_files)));
const tokensOf = () => server.asked.filter((seen) => seen.path === "/api/acts").map((seen) => seen.headers.get("Authorization"));

test("what somebody left behind their PIN is neither sent nor shown nor dropped while another works", async () => {
  const left = await wangTakesOver();
  const mine = await record("lot:receive", uuid7(), receipt(), { project: PROJECT });
  expect(await loadDraft("log")).toBeUndefined();
  await sync();
  expect([...server.stored.keys()]).toEqual([mine.act_id]);
  expect(server.uploaded.size).toBe(0);
  expect(await counts()).toBe(0);
  await signOut();
  expect(await db.acts.toArray()).toMatchObject([{ id: left, state: "waiting" }]);
  expect(await db.bytes.count()).toBe(1);
});

test("unlocked by their PIN it goes on under their own name", async () => {
  const left = await wangTakesOver();
  await setPin("1111");
  await handOver();
  await unlock(FOREMAN.id, "2580");
  expect(await loadDraft("log")).toBe("half");
  await sync();
  expect([...server.stored.keys()]).toEqual([left]);
  expect(tokensOf()).toEqual(["Bearer token-1"]);
  expect((await db.files.toArray()).map((file) => file.state)).toEqual(["sent"]);
});

test("a session that is sealed shows no token and opens by no other PIN", async () => {
  await setPin("2580");
  await handOver();
  expect(await db.session.count()).toBe(0);
  const [entry] = await db.people.toArray();
  expect(new TextDecoder().decode(entry!.sealed)).not.toContain("refresh-1");
  await expect(unlock(FOREMAN.id, "2581")).rejects.toThrow(PinWrong);
  await unlock(FOREMAN.id, "2580");
  expect(await db.session.get("current")).toMatchObject({ refresh_token: "refresh-1", person: FOREMAN });
  expect(await db.people.count()).toBe(0);
});

test("wrong PINs are made to wait, longer each time, and after ten only the password helps", async () => {
  await setPin("2580");
  await handOver();
  let now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => now);
  const tried = () => unlock(FOREMAN.id, "0000").catch((error: unknown) => error as PinWrong) as Promise<PinWrong>;
  const waits: number[] = [];
  for (let at = 0; at < 10; at += 1) {
    const { wait_ms } = await tried();
    waits.push(Math.max(0, wait_ms) / 1000);
    // The right PIN has to wait, too.
    if (wait_ms > 0) await expect(unlock(FOREMAN.id, "2580")).rejects.toThrow(PinWrong);
    now += Math.max(0, wait_ms);
  }
  expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 960, 1920, 3840]);
  expect(await tried()).toMatchObject({ none_left: true });
  await expect(unlock(FOREMAN.id, "2580")).rejects.toMatchObject({ none_left: true });
});
