/**
 * Does a condition of a limit hold? It does, it does not, or a fact is missing.
 *
 * `when` and `unless` are maps from a condition key to a list of values or to a range {eq, ge, gt, le, lt}.
 * Twin of the server's `definitions/conditions.py`; both read the same vectors.
 */
import { exact } from "./decimal";

/** A piece of a definition as it came by JSON. */
export type Doc = Readonly<Record<string, unknown>>;

export type Holds = "yes" | "no" | "unknown";

export interface Condition {
  holds: Holds;
  /** Keys that nobody stated. */
  missing: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
export const MET: Condition = { holds: "yes", missing: NOTHING };
export const NOT_MET: Condition = { holds: "no", missing: NOTHING };

/** What is known about lot, design, order and surroundings; notes which defaults were used while limits are judged. */
export class Facts {
  readonly defaultsUsed = new Set<string>();

  constructor(
    readonly known: Doc,
    readonly defaults: Doc = {},
  ) {}

  /** The fact, its default, or undefined when nobody said anything. */
  get(key: string): unknown {
    const value = this.known[key];
    if (value !== undefined && value !== null && value !== "") return value;
    if (!(key in this.defaults)) return undefined;
    this.defaultsUsed.add(key);
    return this.defaults[key];
  }
}

/** The exact number of a number or decimal string; null for anything else. */
export function asDecimal(value: unknown): bigint | null {
  return typeof value === "string" || typeof value === "number" ? exact(value) : null;
}

/** Equal as site people mean it: 40 equals "40.0", but true never equals 1. */
export function same(known: unknown, wanted: unknown): boolean {
  if (typeof known === "boolean" || typeof wanted === "boolean" || known === wanted) return known === wanted;
  const left = asDecimal(known);
  return left !== null && left === asDecimal(wanted);
}

/** Every key must match. A known mismatch is "no", whatever else is unknown. */
export function when(condition: Doc | undefined, facts: Facts): Condition {
  const answers = Object.entries(condition ?? {}).map(([key, wanted]) => ({ key, holds: one(facts.get(key), wanted) }));
  if (answers.some((answer) => answer.holds === "no")) return NOT_MET;
  const missing = new Set(answers.filter((answer) => answer.holds === "unknown").map((answer) => answer.key));
  return missing.size > 0 ? { holds: "unknown", missing } : MET;
}

/** One map, or a list of which any may match. "yes" means waived. */
export function unless(waiver: Doc | readonly Doc[], facts: Facts): Condition {
  const answers = (Array.isArray(waiver) ? (waiver as Doc[]) : [waiver as Doc]).map((map) => when(map, facts));
  if (answers.some((answer) => answer.holds === "yes")) return MET;
  if (answers.every((answer) => answer.holds === "no")) return NOT_MET;
  return { holds: "unknown", missing: new Set(answers.flatMap((answer) => [...answer.missing])) };
}

/** Both conditions together, as one. */
export function both(first: Condition, second: Condition): Condition {
  if (first.holds === "no" || second.holds === "no") return NOT_MET;
  const missing = new Set([...first.missing, ...second.missing]);
  return missing.size > 0 ? { holds: "unknown", missing } : MET;
}

function one(known: unknown, wanted: unknown): Holds {
  if (known === undefined || known === null) return "unknown";
  if (Array.isArray(wanted)) return wanted.some((option) => same(known, option)) ? "yes" : "no";
  if (typeof wanted === "object" && wanted !== null) return inRange(known, wanted as Doc);
  return same(known, wanted) ? "yes" : "no";
}

const OPERATORS: Record<string, (value: bigint, bound: bigint) => boolean> = {
  eq: (value, bound) => value === bound,
  ge: (value, bound) => value >= bound,
  gt: (value, bound) => value > bound,
  le: (value, bound) => value <= bound,
  lt: (value, bound) => value < bound,
};

function inRange(known: unknown, wanted: Doc): Holds {
  const value = asDecimal(known);
  if (value === null) return "unknown";
  const held = Object.entries(wanted).every(([operator, limit]) => {
    const bound = asDecimal(limit);
    return bound !== null && OPERATORS[operator]?.(value, bound) === true;
  });
  return held ? "yes" : "no";
}
