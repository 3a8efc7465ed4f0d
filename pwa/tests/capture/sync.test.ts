/** What makes a phone send: each of the occasions alone, with the timer standing still. */
import { deadLine, FakeServer, freshPhone, PROJECT, receipt } from "./support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { exclusive } from "../../src/capture/locks";
import { record } from "../../src/capture/record";
import { startSync } from "../../src/capture/sync";
import { uuid7 } from "../../src/capture/uuid7";

/** The clock of the test itself, which does not stand still. */
const really = globalThis.setTimeout;

class Page extends EventTarget {
  visibilityState = "visible";
}

let server: FakeServer;
let page: Page;
let browser: EventTarget;
let stop: () => void;
let isDead: boolean;

beforeEach(async () => {
  server = new FakeServer();
  isDead = false;
  server.before = () => (isDead ? deadLine() : undefined);
  await freshPhone();
  page = new Page();
  browser = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", browser.addEventListener.bind(browser));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(async () => {
  stop();
  await quiet();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const save = () => record("lot:receive", uuid7(), receipt(), { project: PROJECT });
const feeds = (): number => server.asked.filter((seen) => seen.path.startsWith("/api/feed")).length;

/** Until nothing is going on any more: no request for a while, and nobody sends. */
async function quiet(): Promise<void> {
  for (let [asked, since] = [-1, performance.now()]; performance.now() - since < 40; await new Promise((resolve) => really(resolve, 1))) {
    if (asked !== server.asked.length) [asked, since] = [server.asked.length, performance.now()];
  }
  await exclusive("outbox", () => Promise.resolve());
}

/** The app was opened without a line, and what was saved has an hour to wait for its next try; now there is one again. */
async function openedInTheCellar(): Promise<string> {
  isDead = true;
  const { act_id } = await save();
  stop = startSync();
  await quiet();
  isDead = false;
  expect(await db.acts.get(act_id)).toMatchObject({ state: "waiting" });
  await db.acts.update(act_id, { next_try_at: Date.now() + 3600_000 });
  return act_id;
}

test("the app is opened", async () => {
  const { act_id } = await save();
  stop = startSync();
  await quiet();
  expect([...server.stored.keys()]).toEqual([act_id]);
});

test("the line comes back", async () => {
  const act_id = await openedInTheCellar();
  browser.dispatchEvent(new Event("online"));
  await quiet();
  expect([...server.stored.keys()]).toEqual([act_id]);
});

test("the page comes to the front, and not when it goes behind", async () => {
  const act_id = await openedInTheCellar();
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  await quiet();
  expect(server.stored.size).toBe(0);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  await quiet();
  expect([...server.stored.keys()]).toEqual([act_id]);
});

test("something is saved", async () => {
  stop = startSync();
  await quiet();
  const { act_id } = await save();
  await quiet();
  expect([...server.stored.keys()]).toEqual([act_id]);
});

test("half a minute has gone by, again and again", async () => {
  stop = startSync();
  await quiet();
  for (let times = 1; times <= 3; times += 1) {
    expect(feeds()).toBe(times);
    vi.advanceTimersByTime(33_000);
    await quiet();
  }
});

test("nothing does once it was stopped", async () => {
  stop = startSync();
  await quiet();
  stop();
  browser.dispatchEvent(new Event("online"));
  page.dispatchEvent(new Event("visibilitychange"));
  await save();
  vi.advanceTimersByTime(3600_000);
  await quiet();
  expect(feeds()).toBe(1);
  expect(server.stored.size).toBe(0);
});

test("where the browser has Background Sync, each save asks for it, so that the worker sends when no page does", async () => {
  const register = vi.fn(() => Promise.resolve());
  const worker = { controller: {}, ready: Promise.resolve({ sync: { register } }) };
  vi.stubGlobal("navigator", { locks: navigator.locks, serviceWorker: worker });
  isDead = true;
  stop = startSync();
  await quiet();
  expect(register).not.toHaveBeenCalled();
  await save();
  await quiet();
  expect(register.mock.calls).toEqual([["outbox"]]);
  await save();
  await quiet();
  expect(register).toHaveBeenCalledTimes(2);
});

test.each([
  ["no worker yet", { controller: null, ready: new Promise(() => undefined) }],
  ["no Background Sync", { controller: {}, ready: Promise.resolve({}) }],
  ["leave for it refused", { controller: {}, ready: Promise.resolve({ sync: { register: () => Promise.reject(new Error("no")) } }) }],
])("with %s a save is sent all the same", async (_what, serviceWorker) => {
  vi.stubGlobal("navigator", { locks: navigator.locks, serviceWorker });
  stop = startSync();
  await quiet();
  const { act_id } = await save();
  await quiet();
  expect([...server.stored.keys()]).toEqual([act_id]);
});

test("the browser is asked not to clear what is stored here", async () => {
  const persist = vi.fn(() => Promise.resolve(true));
  vi.stubGlobal("navigator", { locks: navigator.locks, storage: { persist } });
  stop = startSync();
  await quiet();
  expect(persist).toHaveBeenCalledOnce();
});
