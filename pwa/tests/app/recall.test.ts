import { describe, expect, it } from "vitest";
import type { LotRow, RecallItemRow, RecallRow, TestRow } from "../../src/capture";
import { filled, inOrder, isOpen, leftOf, minutesOf, sumsOf } from "../../src/app/recall/items";
import { proposals } from "../../src/app/recall/proposals";

const item = (more: Partial<RecallItemRow>): RecallItemRow => ({
  id: "i", recall_id: "r", kind: "stock", lot_id: "l", step_id: null, task_id: null, material: "m", unit: "t", quantity: "10", disposed: "0",
  column: null, place_id: null, crew_id: null, via_id: null, via_kind: "lot", is_certain: true, is_late: false, dispositions: [], ...more,
});
const recall = (more: Partial<RecallRow>): RecallRow => ({
  id: "r", code: "RC-0001", is_drill: false, basis: "lot", about: {}, reason: "x", test_id: null, status: "open", is_whole: true, nodes: 1,
  lots_stopped: 1, lots_without: 1, elements: 0, elements_without: 0, opened_by: "p", opened_at: "2026-11-27T08:00:00Z", closed_by: null,
  closed_at: null, close_note: null, difference: null, balance: [], acknowledged: [], act_id: "a", ...more,
});

describe("the balance of a recall", () => {
  it("is exact, and an overdrawn lot has nothing left to say", () => {
    expect(leftOf(item({ quantity: "0.3", disposed: "0.1" }))).toBe("0.2");
    expect(isOpen(item({ quantity: "-1" }))).toBe(false);
    expect(isOpen(item({ quantity: "0.000001" }))).toBe(true);
  });

  it("counts what this phone has recorded and not sent", () => {
    const sum = { material: "m", material_names: null, unit: "t", received: "10", accounted: "0", open: "10", items: 2, open_items: 2 };
    const [now] = sumsOf(recall({ balance: [sum] }), [item({ quantity: "6", disposed: "6" }), item({ id: "j", quantity: "4", disposed: "1.5" })]);
    expect([now?.accounted, now?.open, now?.open_items]).toEqual(["7.5", "2.5", 1]);
  });

  it("fills its bar when all is said, and no further", () => {
    expect(filled({ received: "10", accounted: "2.5" })).toEqual({ done: 250, open: 750 });
    expect(filled({ received: "10", accounted: "12" })).toEqual({ done: 1000, open: 0 });
    expect(filled({ received: "0", accounted: "0" })).toEqual({ done: 1000, open: 0 });
  });

  it("shows what was used after the stop first", () => {
    const late = item({ id: "late", kind: "used", is_late: true });
    expect(inOrder([item({}), item({ id: "u", kind: "used", quantity: "99" }), late]).map((one) => one.id)).toEqual(["late", "u", "i"]);
  });

  it("takes the time of a drill until it is closed", () => {
    expect(minutesOf(recall({ closed_at: "2026-11-27T10:05:30Z" }), 0)).toBe(125);
    expect(minutesOf(recall({}), Date.parse("2026-11-27T08:10:00Z"))).toBe(10);
  });
});

describe("what asks to be recalled", () => {
  const lot = { id: "l", status: "stopped", recall_id: null } as LotRow;
  const failed = { id: "t", lot_id: "l", result: "fail", tested_on: "2026-11-27" } as TestRow;
  const lots = new Map([[lot.id, lot]]);

  it("is a failed test that no recall has answered; a drill answers nothing", () => {
    expect(proposals([failed], lots, []).map((one) => one.test.id)).toEqual(["t"]);
    expect(proposals([failed], lots, [recall({ is_drill: true, test_id: "t" })])).toHaveLength(1);
    expect(proposals([failed], lots, [recall({ test_id: "t" })])).toEqual([]);
    expect(proposals([failed], lots, [recall({ about: { things: ["l"] }, status: "closed" })])).toEqual([]);
    expect(proposals([{ ...failed, result: "pass" }], lots, [])).toEqual([]);
  });
});
