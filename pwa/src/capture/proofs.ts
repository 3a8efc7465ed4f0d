/** What proves a lot, as far as this phone knows: papers and tests of the lot and of the lots it is a part of. */
import { db } from "./db";
import type { LotRow, TestRow, Uuid } from "./types";

export interface LotProofs {
  /** Certificates, or, before they have numbers, their photographs from the receipt. */
  papers: number;
  tests: TestRow[];
}

/** Splits of splits; deeper chains are no site's practice, and a loop must end. */
const DEEPEST = 16;

export async function lotProofs(project_id: Uuid, lot: LotRow): Promise<LotProofs> {
  const chain = await withParents(project_id, lot);
  const ids = new Set(chain.map((one) => one.id));
  const certificates = await db.certificates.where("lot_ids").anyOf([...ids]).toArray();
  const known = new Set([...lot.certificate_ids, ...certificates.filter((one) => one.project_id === project_id).map((one) => one.id)]);
  const photographed = chain.flatMap((one) => one.files).filter((file) => file.role.split(":")[0] === "certificate").length;
  const tests = await db.tests.where("[project_id+lot_id]").anyOf([...ids].map((id) => [project_id, id])).toArray();
  return { papers: known.size || photographed, tests };
}

async function withParents(project_id: Uuid, lot: LotRow): Promise<LotRow[]> {
  const chain = [lot];
  for (let at: LotRow | undefined = lot; at && chain.length < DEEPEST; ) {
    const parent: Uuid | undefined = at.parent_ids[0];
    at = parent ? await db.lots.get([project_id, parent]) : undefined;
    if (at) chain.push(at);
  }
  return chain;
}
