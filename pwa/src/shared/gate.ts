/**
 * The use gate: what a material type asks for before a lot of it is built in, and what is proved only afterwards.
 *
 * Pure, and twin of the server's `definitions/gate.py`; both pass `tests/unit/vectors/gate.json`. What is looked at
 * while a load is used (slump, temperature, time; `per: load`) is asked and judged by the step's own form. A release
 * vouches for papers and retest; nobody can release a lot out of its age.
 */
import { Facts, when, type Doc } from "./judge.conditions";

interface Needed extends Doc {
  readonly kind: string;
  readonly per?: string;
  readonly when?: Doc;
  readonly due_days?: number;
}

export interface GatedMaterial {
  readonly proof?: { readonly before_use: readonly Needed[]; readonly after_use: readonly Needed[] };
  readonly shelf_life?: readonly (Doc & { readonly value: number; readonly unit: string; readonly when?: Doc })[] | null;
}

export interface KnownTest {
  readonly kind: string;
  readonly result: string;
  readonly tested_on: string | null;
  readonly due_on: string | null;
}

/** What is on record of a lot; days as ISO text. */
export interface KnownLot {
  readonly status: string;
  readonly produced_on: string | null;
  readonly papers: number;
  readonly tests: readonly KnownTest[];
}

/** `missing`: kinds of proof that hold the lot back. `dueOn`: ISO day of the result that is still open. */
export interface Gate {
  missing: string[];
  dueOn: string | null;
}

const EARLY: ReadonlySet<string> = new Set(["retest", "strength_3d", "strength_7d"]);
const LATE: ReadonlySet<string> = new Set(["strength_28d", "late_result"]);

/** Judge a lot on the day of its use (ISO, site's calendar). */
export function judgeGate(material: GatedMaterial, lot: KnownLot, day: string, defaults: Doc): Gate {
  const facts = new Facts({}, defaults);
  const applies = (one: { readonly when?: Doc }): boolean => when(one.when, facts).holds === "yes";
  const missing = (material.proof?.before_use ?? [])
    .filter((needed) => needed.per === undefined && applies(needed))
    .map((needed) => needed.kind)
    .filter((kind) => !holds(kind));
  return { missing: [...new Set(missing)], dueOn: dueOn() };

  function holds(kind: string): boolean {
    if (kind === "in_date") return isInDate();
    if (lot.status === "released") return true;
    if (kind === "certificate") return lot.papers > 0;
    if (kind === "retest") return lot.tests.some((test) => EARLY.has(test.kind) && test.result === "pass");
    return true;
  }

  /** A lot whose day of production nobody stated is not held; past its age a retest made since then renews it. */
  function isInDate(): boolean {
    const produced = lot.produced_on;
    if (produced === null) return true;
    const lives = (material.shelf_life ?? []).filter((life) => life.unit === "month" && applies(life));
    const end = lives.map((life) => monthsLater(produced, life.value)).sort()[0];
    if (end === undefined || day <= end) return true;
    return lot.tests.some((test) => EARLY.has(test.kind) && test.result === "pass" && (test.tested_on ?? "") > end);
  }

  function dueOn(): string | null {
    const late = (material.proof?.after_use ?? []).find((one) => one.kind === "late_result" && one.due_days && applies(one));
    const mine = lot.tests.filter((test) => LATE.has(test.kind));
    if (!late?.due_days || mine.some((test) => test.result === "pass")) return null;
    const said = mine.flatMap((test) => (test.result === "pending" && test.due_on ? [test.due_on] : [])).sort();
    return said[0] ?? daysLater(day, late.due_days);
  }
}

/** The same day of a later month, or its last one. */
function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  last.setUTCDate(Math.min(date, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}

function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
