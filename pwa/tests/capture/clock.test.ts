import { beforeEach, expect, test, vi } from "vitest";

const HOUR = 3600_000;
let wall: number;
let mono: number;
let clock: typeof import("../../src/capture/clock");
let visibility: EventTarget & { visibilityState: string };

beforeEach(async () => {
  [wall, mono] = [Date.parse("2026-11-28T08:00:00Z"), 1000];
  vi.spyOn(Date, "now").mockImplementation(() => wall);
  vi.spyOn(performance, "now").mockImplementation(() => mono);
  visibility = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("document", visibility);
  vi.resetModules();
  clock = await import("../../src/capture/clock");
  answer(0);
});

/** Time goes by on both clocks. */
function pass(ms: number): void {
  wall += ms;
  mono += ms;
}

/** The server answers; its clock is `skew` behind ours, and the way takes `trip`. */
function answer(skew: number, trip = 20): void {
  const sentAt = wall;
  pass(trip);
  clock.witnessServerTime(sentAt + trip / 2 - skew, sentAt, wall);
}

function turn(state: "visible" | "hidden"): void {
  visibility.visibilityState = state;
  visibility.dispatchEvent(new Event("visibilitychange"));
}

const skew = () => clock.clockSkewMs();

test("the best witness counts, for ten minutes", () => {
  answer(7000, 400);
  expect(skew()).toBe(0);
  pass(11 * 60_000);
  answer(7000, 400);
  expect(skew()).toBe(7000);
});

test.each([3 * HOUR, -48 * HOUR])("a clock that is set by %d ms while nobody is asked takes the skew with it", (ms) => {
  pass(HOUR);
  wall += ms;
  expect(skew()).toBe(ms);
  pass(HOUR);
  expect(skew()).toBe(ms);
  wall -= ms;
  expect(skew()).toBe(0);
});

test("after the clock was set any answer is a better witness, also a slow one", () => {
  wall -= 48 * HOUR;
  answer(-48 * HOUR, 900); // Tells that the clock was set.
  answer(-48 * HOUR + 40, 900);
  expect(skew()).toBe(-48 * HOUR + 40);
});

test("a clock that is set while an answer is on its way says nothing about the way", () => {
  const sentAt = wall;
  pass(100);
  wall += 3 * HOUR;
  clock.witnessServerTime(sentAt, sentAt, wall);
  expect(skew()).toBe(3 * HOUR);
});

test("a phone that slept has a right clock, though its monotonic clock stood still", () => {
  turn("hidden");
  wall += 8 * HOUR;
  turn("visible");
  expect(skew()).toBe(0);
  turn("hidden");
  wall -= 2 * HOUR;
  turn("visible");
  expect(skew()).toBe(-2 * HOUR);
});
