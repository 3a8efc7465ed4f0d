import { expect, test } from "vitest";
import { csv, csvField, nextOrder, ordered, type Column } from "../../../src/app/office/lib/table";

interface Lot {
  code: string;
  onHand: number | null;
}
const columns: Column<Lot>[] = [
  { id: "code", name: "批次", cell: (lot) => ({ text: lot.code }) },
  { id: "on_hand", name: "结存", cell: (lot) => ({ text: `${lot.onHand ?? ""} t` }), by: (lot) => lot.onHand, plain: (lot) => String(lot.onHand ?? "") },
];

test("codes with figures stand in the order people count", () => {
  const lots = ["R-10", "R-9", "R-2"].map((code) => ({ code, onHand: 0 }));
  expect(ordered(lots, columns, "code").map((lot) => lot.code)).toEqual(["R-2", "R-9", "R-10"]);
});

test("what has no value stands last in both directions", () => {
  const lots = [{ code: "a", onHand: null }, { code: "b", onHand: 2 }, { code: "c", onHand: 1 }];
  expect(ordered(lots, columns, "on_hand").map((lot) => lot.code)).toEqual(["c", "b", "a"]);
  expect(ordered(lots, columns, "-on_hand").map((lot) => lot.code)).toEqual(["b", "c", "a"]);
});

test("a head is pressed up, down, and back to the order as given", () => {
  expect(nextOrder("", "code")).toBe("code");
  expect(nextOrder("code", "code")).toBe("-code");
  expect(nextOrder("-code", "code")).toBe("");
});

test.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\n=1+1", "＝1+1", "＋1", "－2", "＠A1", " =1+1", "　＝1"])("a spreadsheet does not run %j", (text) => {
  expect(csvField(text).replace(/^"/, "")).toMatch(/^'/);
});

test.each([";", "\t", "\n", "\r\n"])("a formula behind the separator %j of another country's spreadsheet is none", (separator) => {
  expect(csvField(`a${separator}=1+1`)).toContain(`a${separator}'=1+1`);
  expect(csvField(`a${separator} @SUM(A1)`)).toContain(`a${separator}' @SUM(A1)`);
  expect(csvField(`a${separator}b`)).not.toContain("'");
});

test("a plain number keeps its sign, and commas, quotes and lines are kept apart", () => {
  expect(csvField("-12.5")).toBe("-12.5");
  expect(csvField('a,"b"')).toBe('"a,""b"""');
  expect(csvField("a\nb")).toBe('"a\nb"');
});

test("an exported table begins with its heads and carries quantities without units", () => {
  expect(csv([{ code: "R-1", onHand: 1.5 }], columns)).toBe("\uFEFF批次,结存\r\nR-1,1.5\r\n");
});
