/** Everything that belongs to one element, picked from the rows of the project. Pure. */
import type { CertificateRow, DefectRow, FileRef, LotRow, StepRow, TaskRow, TestRow } from "../../capture";
import { exact, text } from "../../shared/decimal";
import { instantOf } from "../office/lib/step";
import type { Tree } from "../office/lib/tree";

export interface UsedLot {
  id: string;
  lot: LotRow | undefined;
  /** Sum over the steps that stand, by unit. */
  quantities: { quantity: string; unit: string }[];
  steps: StepRow[];
  certificates: CertificateRow[];
  tests: TestRow[];
}

export interface Element {
  /** Steps that stand, in the order of the work. */
  steps: StepRow[];
  /** How many nodes are looked at: the element and, when asked for, all below it. */
  nodes: number;
  lots: UsedLot[];
  defects: DefectRow[];
  photos: FileRef[];
}

interface Rows {
  id: string;
  tree: Tree;
  below: boolean;
  steps: readonly StepRow[];
  lots: readonly LotRow[];
  certificates: readonly CertificateRow[];
  tests: readonly TestRow[];
  defects: readonly DefectRow[];
}

export function elementOf(rows: Rows): Element {
  const nodes = rows.below ? below(rows.tree, rows.id) : new Set([rows.id]);
  const steps = rows.steps
    .filter((step) => nodes.has(step.task_id) && step.status !== "superseded")
    .sort((a, b) => (a.at.wall < b.at.wall ? -1 : 1));
  return {
    steps,
    nodes: nodes.size,
    lots: usedLots(steps, rows),
    defects: rows.defects.filter((defect) => nodes.has(defect.task_id)).sort((a, b) => (instantOf(a.at) ?? "").localeCompare(instantOf(b.at) ?? "")),
    photos: photosOf(steps),
  };
}

function below(tree: Tree, id: string): Set<string> {
  const found = new Set([id]);
  // A set grows while it is walked, so this reaches every level.
  for (const at of found) for (const child of tree.under.get(at) ?? []) found.add(child.id);
  return found;
}

function usedLots(steps: readonly StepRow[], rows: Rows): UsedLot[] {
  const lots = new Map(rows.lots.map((lot) => [lot.id, lot]));
  const used = new Map<string, UsedLot>();
  for (const step of steps.filter((one) => one.status !== "rejected")) {
    for (const use of step.lots) {
      const lot = lots.get(use.lot_id);
      const entry = used.get(use.lot_id) ?? { id: use.lot_id, lot, quantities: [], steps: [], ...proofsOf(use.lot_id, lot, rows) };
      entry.steps.push(step);
      const same = entry.quantities.find((one) => one.unit === use.unit);
      if (same) same.quantity = text((exact(same.quantity) ?? 0n) + (exact(use.quantity) ?? 0n));
      else entry.quantities.push({ quantity: use.quantity, unit: use.unit });
      used.set(use.lot_id, entry);
    }
  }
  return [...used.values()];
}

/** Papers and tests of a lot: those it names, and certificates that name its heat. */
function proofsOf(id: string, lot: LotRow | undefined, rows: Rows): Pick<UsedLot, "certificates" | "tests"> {
  const papers = new Set(lot?.certificate_ids ?? []);
  const tests = new Set(lot?.test_ids ?? []);
  const heat = lot?.heat_no ?? null;
  return {
    certificates: rows.certificates.filter(
      (paper) => papers.has(paper.id) || paper.lot_ids.includes(id) || (heat !== null && paper.heats.includes(heat)),
    ),
    tests: rows.tests.filter((test) => tests.has(test.id) || test.lot_id === id),
  };
}

function photosOf(steps: readonly StepRow[]): FileRef[] {
  const once = new Map(steps.flatMap((step) => step.files).map((file) => [file.sha256, file]));
  return [...once.values()];
}

export type TaskMap = ReadonlyMap<string, TaskRow>;
