/** Rules of lots that screens share: what may be done with one, whether it may be used, what finds it. Pure. */
import type { ActType, LotRow } from "../../capture";
import { exact } from "../../shared/decimal";
import { may } from "../state/may";

export type LotAct = Extract<ActType, "lot:move" | "lot:split" | "lot:issue" | "lot:return" | "lot:scrap" | "lot:hold" | "lot:release" | "lot:stop">;

/** Whether every word stands somewhere in what people know of a lot; `words` in lower case, `named` its supplier, place and material by other names. */
export function lotMatches(lot: LotRow, words: readonly string[], named: string): boolean {
  if (words.length === 0) return true;
  const { zh, en } = lot.material_names;
  const text = [lot.code, zh, en, lot.grade, lot.size, lot.heat_no, lot.batch_no, lot.delivery_note, lot.vehicle, lot.manufacturer, named]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Movements that the state of a lot permits and this person may do, in the order in which a store thinks of them. */
export function lotActs(lot: LotRow, roles: readonly string[]): LotAct[] {
  const has = (exact(lot.on_hand) ?? 0n) > 0n;
  const isStopped = lot.status === "stopped";
  const isHeld = lot.status === "quarantined";
  const possible: [LotAct, boolean][] = [
    ["lot:issue", has && !isStopped && !isHeld && !lot.crew_id],
    ["lot:return", has && lot.crew_id !== null],
    ["lot:move", has],
    ["lot:split", has && !isStopped],
    ["lot:release", !isStopped && lot.status !== "released" && lot.status !== "exhausted" && lot.status !== "announced"],
    ["lot:hold", has && !isHeld && !isStopped],
    ["lot:stop", !isStopped],
    ["lot:scrap", has],
  ];
  return possible.filter(([act, fits]) => fits && may(act, roles)).map(([act]) => act);
}

export type Usable = "yes" | "conditional" | "unproven" | "no";

/**
 * Whether a lot may be built in, as far as this phone knows. What is stopped or held is not; what nobody has released
 * yet is "unproven": the form says so and leaves the choice, since a load of concrete is proved while it is used.
 */
export function usable(lot: Pick<LotRow, "status">): Usable {
  if (lot.status === "released" || lot.status === "expiring") return "yes";
  if (lot.status === "conditional") return "conditional";
  return lot.status === "received" || lot.status === "announced" ? "unproven" : "no";
}
