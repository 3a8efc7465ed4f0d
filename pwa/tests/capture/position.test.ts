/** Where the hand is: the best fix of a watch, how old it is, and nothing where the person or the phone says no. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Position = typeof import("../../src/capture/position");

let position: Position;
let found: (fix: object) => void;
let failed: (error: object) => void;
const watchPosition = vi.fn();
const clearWatch = vi.fn();
const BEGUN = Date.UTC(2026, 10, 28, 8);

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["Date"], now: BEGUN });
  watchPosition.mockReset().mockImplementation((onfix: typeof found, onerror: typeof failed) => {
    [found, failed] = [onfix, onerror];
    return 7;
  });
  clearWatch.mockReset();
  vi.stubGlobal("navigator", { geolocation: { watchPosition, clearWatch } });
  position = await import("../../src/capture/position");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A fix of this moment. */
const fix = (accuracy: number, latitude = 31.2304, longitude = 121.4737): void =>
  found({ coords: { latitude, longitude, accuracy }, timestamp: Date.now() });
const wait = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);
const watched = (): unknown[] => {
  const seen: unknown[] = [];
  position.position.subscribe((state) => seen.push(state));
  return seen;
};

test("the most accurate fix of the last minute counts, not the last one", () => {
  watched();
  fix(30, 31.1);
  wait(5);
  fix(8, 31.2304567);
  wait(5);
  fix(50, 31.3);
  wait(2);
  expect(position.currentWhere()).toEqual({ lat: "31.2304567", lon: "121.4737000", accuracy_m: "8.0", fix_age_ms: 7_000 });
});

test("a fix of more than a minute ago gives way to any newer one, also when the clock was set back in between", () => {
  watched();
  fix(5, 31.1);
  wait(59);
  fix(40, 31.2);
  expect(position.currentWhere()).toMatchObject({ lat: "31.1000000", fix_age_ms: 59_000 });
  wait(2);
  fix(40, 31.3);
  expect(position.currentWhere()).toMatchObject({ lat: "31.3000000", accuracy_m: "40.0", fix_age_ms: 0 });
  vi.setSystemTime(BEGUN - 2 * 24 * 3600_000);
  expect(position.currentWhere()).toBeNull();
  fix(60, 31.4);
  expect(position.currentWhere()).toMatchObject({ lat: "31.4000000", fix_age_ms: 0 });
});

test("no fix is claimed that is older than five minutes", () => {
  watched();
  fix(5);
  wait(300);
  expect(position.currentWhere()).toMatchObject({ fix_age_ms: 300_000 });
  vi.setSystemTime(BEGUN + 300_001);
  expect(position.currentWhere()).toBeNull();
});

test("the watch is an accurate one and lasts as long as somebody looks", () => {
  const leave = position.position.subscribe(() => undefined);
  const leaveToo = position.position.subscribe(() => undefined);
  expect(watchPosition).toHaveBeenCalledOnce();
  expect(watchPosition.mock.calls[0]![2]).toMatchObject({ enableHighAccuracy: true });
  leave();
  expect(clearWatch).not.toHaveBeenCalled();
  leaveToo();
  expect(clearWatch).toHaveBeenCalledExactlyOnceWith(7);
});

test("a refusal is told as one, and gives no position; a fix that does not come is still looked for", () => {
  const seen = watched();
  failed({ code: 3 });
  expect(seen.at(-1)).toEqual({ where: null, reason: "searching" });
  failed({ code: 1 });
  expect(seen.at(-1)).toEqual({ where: null, reason: "denied" });
  expect(position.currentWhere()).toBeNull();
});

test("a phone without any such device says so", () => {
  vi.stubGlobal("navigator", {});
  expect(watched().at(-1)).toEqual({ where: null, reason: "unavailable" });
  expect(position.currentWhere()).toBeNull();
});
