import { expect, it } from "vitest";
import { alike, chainActs, inputs } from "../../src/app/assemblies/chain";
import type { LotRow } from "../../src/capture";

const lot = (more: Partial<LotRow>): LotRow =>
  ({ id: "a", code: "CE-0001", kind: "lot", material: "cement_cn", grade: "P·O", size: null, unit: "t", status: "released", on_hand: "5", to_place_id: null, ...more }) as LotRow;

it("offers arrival alone of the moves while a lot is under way", () => {
  const acts = chainActs(lot({ to_place_id: "yard" }), ["storekeeper"]);
  expect(acts).toContain("lot:arrive");
  expect(acts).not.toContain("lot:dispatch");
  expect(acts).not.toContain("lot:count");
});

it("takes apart what was made, numbers what is counted in pieces, and makes nothing of what is stopped", () => {
  expect(chainActs(lot({ kind: "assembly", unit: "pcs" }), ["foreman"])).toEqual(expect.arrayContaining(["assembly:take_apart", "unit:number", "unit:work"]));
  expect(chainActs(lot({}), ["foreman"])).not.toContain("unit:number");
  expect(chainActs(lot({ status: "stopped" }), ["foreman"])).not.toContain("assembly:make");
  expect(chainActs(lot({}), ["inspector"])).toEqual([]);
});

it("merges only lots of one material and size that have something left", () => {
  const others = [lot({ id: "b" }), lot({ id: "c", grade: "P·C" }), lot({ id: "d", on_hand: "0" }), lot({ id: "e", unit: "kg" })];
  expect(alike(lot({}), [lot({}), ...others]).map((one) => one.id)).toEqual(["b"]);
});

it("leaves out rows without lot or amount", () => {
  const known = new Map([["b", lot({ id: "b" })]]);
  expect(inputs([{ lot: "b", amount: "2" }, { lot: "b", amount: "" }, { lot: "", amount: "3" }], known)).toEqual([{ lot: "b", quantity: "2", unit: "t" }]);
});
