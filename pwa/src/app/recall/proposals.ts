/** Failed tests that no recall has answered: each asks whether to open one. Pure. */
import type { LotRow, RecallRow, TestRow } from "../../capture";

export interface Proposal {
  test: TestRow;
  lot: LotRow;
}

/** Tests that failed and whose lot is in no real recall, newest first. */
export function proposals(tests: readonly TestRow[], lots: ReadonlyMap<string, LotRow>, recalls: readonly RecallRow[]): Proposal[] {
  const real = recalls.filter((recall) => !recall.is_drill);
  const answered = new Set(real.flatMap((recall) => [recall.test_id ?? "", ...(recall.about.things ?? [])]));
  return tests
    .filter((test) => test.result === "fail" && !answered.has(test.id) && !answered.has(test.lot_id))
    .flatMap((test) => {
      const lot = lots.get(test.lot_id);
      return lot && !lot.recall_id && lot.status === "stopped" ? [{ test, lot }] : [];
    })
    .sort((a, b) => (b.test.tested_on ?? "").localeCompare(a.test.tested_on ?? "") || (a.test.id < b.test.id ? 1 : -1));
}
