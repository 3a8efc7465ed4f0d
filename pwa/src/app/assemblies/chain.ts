/** What can be done with a lot in a chain and in assemblies, and the bodies of those acts. Pure. */
import type { ActBodies, LotRow } from "../../capture";
import type { AssemblyBodies, InputBody } from "../../capture/types.assembly";
import { exact } from "../../shared/decimal";
import { may } from "../state/may";

export type ChainAct = keyof AssemblyBodies & keyof ActBodies;

const COUNTABLE = ["pcs", "sets", "rolls", "bags"];

/** Acts that the state of a lot permits and this person may do. */
export function chainActs(lot: LotRow, roles: readonly string[]): ChainAct[] {
  const has = (exact(lot.on_hand) ?? 0n) > 0n;
  const isStopped = lot.status === "stopped" || lot.status === "quarantined";
  const isUnderWay = Boolean(lot.to_place_id);
  const isMade = lot.kind === "assembly" || lot.kind === "unit";
  const possible: [ChainAct, boolean][] = [
    ["lot:arrive", isUnderWay],
    ["lot:dispatch", has && !isUnderWay],
    ["lot:count", lot.status !== "announced" && !isUnderWay],
    ["assembly:make", has && !isStopped],
    ["lot:mix", has && !isStopped && !isMade],
    ["lot:merge", has && !isStopped && !isMade],
    ["unit:number", has && COUNTABLE.includes(lot.unit) && lot.kind !== "unit"],
    ["unit:work", isMade],
    ["assembly:take_apart", has && isMade],
    ["lot:transfer_out", has && !isUnderWay],
  ];
  return possible.filter(([act, fits]) => fits && may(act, roles)).map(([act]) => act);
}

/** Other lots that are the same for a merge or a mix: one material, grade, size and unit, with something left. */
export function alike(lot: LotRow, lots: readonly LotRow[]): LotRow[] {
  return lots.filter(
    (other) =>
      other.id !== lot.id &&
      other.material === lot.material &&
      other.grade === lot.grade &&
      other.size === lot.size &&
      other.unit === lot.unit &&
      other.code !== "" &&
      (exact(other.on_hand) ?? 0n) > 0n,
  );
}

export interface Taken {
  lot: string;
  amount: string;
}

/** Inputs of an act, in each lot's own unit; rows without lot or amount are left out. */
export function inputs(taken: readonly Taken[], lots: ReadonlyMap<string, LotRow>): InputBody[] {
  return taken.flatMap(({ lot, amount }) => {
    const row = lots.get(lot);
    return row && amount ? [{ lot, quantity: amount, unit: row.unit }] : [];
  });
}
