import { expect, test } from "vitest";
import { distance, sketch } from "../../../src/app/office/lib/sketch";

const site: [string, string][] = [
  ["31.2300", "121.4700"],
  ["31.2310", "121.4700"],
  ["31.2310", "121.4712"],
  ["31.2300", "121.4712"],
];

test("a thousandth of a degree of latitude is 111 m", () => {
  expect(distance([31.23, 121.47], [31.231, 121.47])).toBeCloseTo(111.19, 1);
});

test("north is up and east is right", () => {
  const drawn = sketch({ site, task: ["31.2309", "121.4711"], fix: { lat: "31.2301", lon: "121.4701", accuracy_m: "6" } })!;
  expect(drawn.task![1]).toBeLessThan(drawn.fix![1]);
  expect(drawn.task![0]).toBeGreaterThan(drawn.fix![0]);
});

test("everything, and the whole circle of accuracy, lies on the paper", () => {
  const drawn = sketch({ site, task: ["31.2305", "121.4706"], fix: { lat: "31.2400", lon: "121.4800", accuracy_m: "60" } })!;
  const [x, y] = drawn.fix!;
  expect(x + drawn.accuracy).toBeLessThanOrEqual(drawn.width);
  expect(y - drawn.accuracy).toBeGreaterThanOrEqual(0);
  for (const [left, top] of drawn.site) {
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThanOrEqual(drawn.height);
  }
});

test("the bar is a round length as long as it is drawn", () => {
  const drawn = sketch({ site, task: null, fix: null })!;
  expect([10, 20, 50, 100]).toContain(drawn.scale.metres);
  const height = Math.abs(drawn.site[0]![1] - drawn.site[1]![1]);
  expect(drawn.scale.pixels / drawn.scale.metres).toBeCloseTo(height / 111.19, 1);
});

test("without any place there is nothing to draw, and with one there is", () => {
  expect(sketch({ site: [], task: null, fix: null })).toBeNull();
  expect(sketch({ site: [], task: ["31", "121"], fix: null })?.distance).toBeNull();
});
