import { expect, test } from "vitest";
import { addressOf, beginOf, matching, periodAddress, START_KINDS, startOf } from "../../../src/app/office/trace/start";

const asked = (address: string) => {
  const query = new URLSearchParams(address.split("?")[1]);
  return (name: string): string => query.get(name) ?? "";
};

test("every kind of start has an address, and the address says it again", () => {
  for (const choice of START_KINDS) {
    if (choice === "period") continue;
    const start = startOf(asked(addressOf(choice, "送-1 / 2")), "Asia/Shanghai");
    const kind = choice === "unit" ? "lot" : choice;
    expect(start).toEqual(choice === "delivery" ? { kind, note: "送-1 / 2" } : { kind, node: "送-1 / 2" });
  }
});

test("a period is the days of the site, the last one included, also where the clocks change", () => {
  expect(startOf(asked(periodAddress("2026-11-01", "2026-11-02")), "Asia/Shanghai")).toEqual({
    kind: "period",
    since: "2026-10-31T16:00:00.000Z",
    until: "2026-11-02T16:00:00.000Z",
  });
  expect(beginOf("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(beginOf("2026-03-29", "Europe/Berlin", 1)).toBe("2026-03-29T22:00:00.000Z");
});

test("what is not whole is no start", () => {
  for (const address of ["/trace", "/trace?kind=lot", "/trace?kind=delivery&node=1", "/trace?kind=period&since=2026-11-01"]) {
    expect(startOf(asked(address), "Asia/Shanghai")).toBeNull();
  }
});

test("things are found by every word, and the rest is counted", () => {
  const things = ["钢筋 T-1", "钢筋 T-2", "混凝土 T-1"].map((title) => ({ id: title, title, note: "宝山 Baoshan" }));
  expect(matching(things, "t-1 baoshan", 1)).toEqual({ shown: [things[0]], all: 2 });
  expect(matching(things, "", 9).all).toBe(3);
});
