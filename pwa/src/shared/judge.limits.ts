/**
 * One limit against one value or a series of readings: pass, fail, warn (a `should` that was breached) or open,
 * or null when it does not apply. Twin of the server's `definitions/limits.py`.
 */
import { times } from "./decimal";
import { MET, NOT_MET, asDecimal, both, same, unless, when, type Condition, type Doc, type Facts } from "./judge.conditions";

export type Result = "pass" | "fail" | "open" | "warn";

export interface Outcome {
  result: Result;
  /** Each reason why it stayed open. */
  because: readonly string[];
}

/** A value to be judged: `points` has one entry for a single value, more for a series. */
export interface Reading {
  points: readonly unknown[];
  /** One design value for each point, or none when nobody stated them. */
  designs: readonly bigint[];
  isSeries: boolean;
}

interface Bounds {
  low: bigint | null;
  high: bigint | null;
}

const open = (...because: string[]): Outcome => ({ result: "open", because });
const keys = (missing: Iterable<string>): string[] => [...missing].map((key) => `key:${key}`);

/**
 * The outcome of one limit. `asked` is the condition of the field itself. An unknown `when` is open whatever the
 * value is; with an unknown waiver a value inside the bound passes, for it would pass in both cases.
 */
export function judgeLimit(limit: Doc, reading: Reading, facts: Facts, asked: Condition = MET): Outcome | null {
  const applies = both(asked, when(limit["when"] as Doc | undefined, facts));
  const waived = "unless" in limit ? unless(limit["unless"] as Doc | Doc[], facts) : NOT_MET;
  const plus = addition(limit, facts);
  if (applies.holds === "no" || waived.holds === "yes") return null;
  if (applies.holds === "unknown") return open(...keys(applies.missing));
  if (limit["open"]) return open("limit");
  if (plus.lacking) return open(`key:${plus.lacking}`);
  const outcome = compare(limit, reading, plus.amount);
  if (outcome.result === "fail" && waived.holds === "unknown") return open(...keys(waived.missing));
  if (outcome.result === "fail" && limit["demand"] === "should") return { result: "warn", because: [] };
  return outcome;
}

/** What `plus` adds to the bounds; `lacking` names the key that nobody stated. */
export function addition(limit: Doc, facts: Facts): { amount: bigint; lacking?: string } {
  const plus = limit["plus"] as { key: string; factor: unknown } | undefined;
  if (!plus) return { amount: 0n };
  const value = asDecimal(facts.get(plus.key));
  const factor = asDecimal(plus.factor);
  return value === null || factor === null ? { amount: 0n, lacking: plus.key } : { amount: times(value, factor) };
}

/** Lower and upper bound of a limit on the value itself, as they stand in the definition. */
export function figuresOf(limit: Doc): Bounds {
  const figures = (limit["range"] ?? limit) as Doc;
  return { low: asDecimal(figures["min"]), high: asDecimal(figures["max"]) };
}

/** Lower and upper bound of a limit on measured minus design. */
export function deviationOf(limit: Doc): Bounds {
  const deviation = limit["deviation"] as Doc;
  return { low: asDecimal(deviation["lower"]), high: asDecimal(deviation["upper"]) };
}

function compare(limit: Doc, reading: Reading, plus: bigint): Outcome {
  if (reading.points.length === 0) return open("readings");
  if ("expect" in limit) return expected(limit["expect"], reading.points);
  const measured = reading.points.map(asDecimal).filter((point) => point !== null);
  if (measured.length !== reading.points.length) return open("value");
  if ("deviation" in limit) {
    if (reading.designs.length !== measured.length) return open("design");
    const apart = measured.map((point, at) => point - (reading.designs[at] ?? 0n));
    return within(limit, apart, deviationOf(limit), plus);
  }
  return within(limit, measured, figuresOf(limit), plus);
}

function within(limit: Doc, measured: readonly bigint[], bounds: Bounds, plus: bigint): Outcome {
  if (bounds.low === null && bounds.high === null) return open("limit");
  const low = bounds.low === null ? null : bounds.low + plus;
  const high = bounds.high === null ? null : bounds.high + plus;
  if (limit["basis"] === "mean") return meanWithin(measured, low, high);
  const held = BigInt(measured.filter((value) => inside(value, low, high)).length);
  const share = asDecimal(limit["share_min"] ?? 100) ?? 100n;
  const all = BigInt(measured.length);
  // `share` counts in units of 1e-12 percent, so the held points are brought to the same size.
  const passed = held * 100n * 1_000_000_000_000n >= share * all;
  return { result: passed ? "pass" : "fail", because: [] };
}

/** Sums are compared, since a mean need not be a finite decimal. A single result is open against the mean. */
function meanWithin(measured: readonly bigint[], low: bigint | null, high: bigint | null): Outcome {
  const count = BigInt(measured.length);
  if (count < 2n) return open("mean");
  const total = measured.reduce((sum, value) => sum + value, 0n);
  const passed = inside(total, low === null ? null : low * count, high === null ? null : high * count);
  return { result: passed ? "pass" : "fail", because: [] };
}

function inside(value: bigint, low: bigint | null, high: bigint | null): boolean {
  return (low === null || value >= low) && (high === null || value <= high);
}

function expected(expect: unknown, points: readonly unknown[]): Outcome {
  if (expect === "any") return { result: "pass", because: [] };
  if (expect === "evaluate") return open("evaluate");
  const wanted: readonly unknown[] = expect === "pass" ? ["pass", true] : Array.isArray(expect) ? expect : [expect];
  const passed = points.every((point) => wanted.some((want) => same(point, want)));
  return { result: passed ? "pass" : "fail", because: [] };
}
