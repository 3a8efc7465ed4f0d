import { expect, test } from "vitest";
import type { LotRow, StepRow } from "../../../src/capture/types";
import { balanceOf } from "../../../src/app/office/lib/balance";
import { claimsOf } from "../../../src/app/office/lib/claims";

const lot = (received: string, on_hand: string): LotRow => ({ id: "lot", kind: "lot", unit: "t", received, on_hand, parent_ids: ["whole"] }) as LotRow;
const step = (quantity: string, status = "approved"): StepRow => ({ status, lots: [{ lot_id: "lot", quantity, unit: "t" }] }) as StepRow;

test("what came is what was used, split off, gone otherwise and on hand, without a float", () => {
  const balance = balanceOf(lot("10", "6.6"), [step("0.1"), step("0.2")], [lot("3", "3")]);
  expect(balance).toMatchObject({ used: "0.3", parts: "3", other: "0.1", onHand: "6.6", gone: "3.4", overdrawn: null });
  const { used, parts, other, onHand } = balance.shares;
  expect(used + parts + other + onHand).toBeCloseTo(100, 6);
});

test("a mix or an assembly made of it is no part of it", () => {
  const mix = { ...lot("3", "3"), kind: "mix" };
  const merged = { ...lot("3", "3"), parent_ids: ["whole", "other"] };
  expect(balanceOf(lot("10", "4"), [], [mix, merged])).toMatchObject({ parts: "0", other: "6" });
});

test("superseded and rejected records used nothing", () => {
  expect(balanceOf(lot("10", "10"), [step("4", "superseded"), step("4", "rejected")], []).used).toBe("0");
});

test("more used than received is said with its amount", () => {
  expect(balanceOf(lot("2", "-0.5"), [step("2.5")], []).overdrawn).toBe("0.5");
});

test("a signed text tells its claims, and what is no act tells none", () => {
  const payload = '{"seq":4,"at":{"wall":"2026-11-22T08:00:00.000Z","skew_ms":null},"where":{"lat":"31.2","lon":"121.4","accuracy_m":"6.0"},"files":[{"sha256":"ab"}]}';
  expect(claimsOf(payload)).toEqual({ wall: "2026-11-22T08:00:00.000Z", skewMs: null, place: "31.2, 121.4", accuracy: "6.0", seq: "4", files: ["ab"] });
  expect(claimsOf("no json")).toBeNull();
});
