/** The use gate on this phone: may a lot be built in today, what does it lack, and which lot could be used instead. */
import { lotProofs, type LotRow } from "../../capture";
import { exact } from "../../shared/decimal";
import { judgeGate, type Gate } from "../../shared/gate";
import { conditionDefaults, type Definitions } from "../state/definitions";
import { usable } from "./lots";

const OPEN: Gate = { missing: [], dueOn: null };
/** Lots looked at to name another one: the newest, which stand in the yard. */
const MOST_OTHERS = 50;

/** What the gate says of a lot on a day (ISO); a material that this phone has no definition of is not held. */
export async function gateOf(definitions: Definitions | undefined, projectId: string, lot: LotRow, day: string): Promise<Gate> {
  const material = definitions?.materials.find((one) => one.id === lot.material);
  if (!definitions || !material) return OPEN;
  const { papers, tests } = await lotProofs(projectId, lot);
  return judgeGate(material, { status: lot.status, produced_on: lot.produced_on, papers, tests }, day, conditionDefaults(definitions));
}

/** Another lot of the same material, grade and size that may be used on this day; null when there is none. */
export async function anotherLot(
  definitions: Definitions | undefined,
  projectId: string,
  lot: LotRow,
  all: readonly LotRow[],
  day: string,
): Promise<LotRow | null> {
  const same = all.filter(
    (one) =>
      one.id !== lot.id &&
      one.material === lot.material &&
      one.grade === lot.grade &&
      one.size === lot.size &&
      (exact(one.on_hand) ?? 0n) > 0n &&
      usable(one) !== "no",
  );
  for (const one of same.slice(0, MOST_OTHERS)) {
    if ((await gateOf(definitions, projectId, one, day)).missing.length === 0) return one;
  }
  return null;
}
