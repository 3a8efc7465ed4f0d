import { afterEach, beforeEach, expect, test, vi } from "vitest";

interface Given {
  release: () => Promise<void>;
  addEventListener: (name: string, then: () => void) => void;
  end: () => void;
}

let given: Given[] = [];
let released = 0;
let page: EventTarget & { visibilityState: string };

function lock(): Given {
  const ends: (() => void)[] = [];
  const one: Given = {
    release: () => (released++, ends.forEach((end) => end()), Promise.resolve()),
    addEventListener: (_, then) => void ends.push(then),
    end: () => ends.forEach((end) => end()),
  };
  given.push(one);
  return one;
}

beforeEach(() => {
  [given, released] = [[], 0];
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("document", page);
  vi.stubGlobal("navigator", { wakeLock: { request: () => Promise.resolve(lock()) } });
  vi.resetModules();
});

afterEach(() => vi.unstubAllGlobals());

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("the screen stays on while files are on their way, and is let off after the last", async () => {
  const { keepAwake } = await import("../../src/capture/awake");
  const first = keepAwake();
  const second = keepAwake();
  await settled();
  expect(given).toHaveLength(1);
  first();
  first();
  expect(released).toBe(0);
  second();
  expect(released).toBe(1);
});

test("a page that comes back asks again, unless all is sent", async () => {
  const { keepAwake } = await import("../../src/capture/awake");
  const letSleep = keepAwake();
  await settled();
  page.visibilityState = "hidden";
  given[0]!.end();
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  expect(given).toHaveLength(1);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  expect(given).toHaveLength(2);
  letSleep();
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  expect([given.length, released]).toEqual([2, 1]);
});

test("a lock that comes when all is sent is given back", async () => {
  const { keepAwake } = await import("../../src/capture/awake");
  keepAwake()();
  await settled();
  expect([given.length, released]).toEqual([1, 1]);
});

test("browsers that have none, or refuse, send all the same", async () => {
  const { keepAwake } = await import("../../src/capture/awake");
  vi.stubGlobal("navigator", { wakeLock: { request: () => Promise.reject(new Error("Battery is low")) } });
  keepAwake()();
  vi.stubGlobal("navigator", {});
  keepAwake()();
  await settled();
});
