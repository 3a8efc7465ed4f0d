/**
 * The judge of a form on the phone: is a value within its limits, answered while it is typed.
 *
 * Twin of the server's `definitions/judge.py`, which judges again when the act is applied; both pass
 * tests/unit/vectors/judge.json. Exact decimals only. Of the limits that apply: one failed = fail; else one open =
 * open; else one `should` breached = warn; else pass. What no limit answers is open: a person judges.
 */
import { Facts, asDecimal, when, type Doc } from "./judge.conditions";
import { addition, judgeLimit, type Outcome, type Reading, type Result } from "./judge.limits";

export type { Doc } from "./judge.conditions";
export type { Result } from "./judge.limits";

export interface Verdict {
  verdict: Result;
  /** The limits that decided, for showing the bound and its source. */
  deciding: readonly Doc[];
  /** Indexes of the limits that were not excluded. */
  applied: readonly number[];
  /**
   * `key:<condition>` nobody stated, `limit` marked open, `design` missing, `readings` too few, `value` not readable,
   * `mean` of one result, `evaluate` by several results, `none` applies.
   */
  openBecause: readonly string[];
  defaultsUsed: readonly string[];
}

const MEASURED = new Set(["number", "integer", "series"]);
const ENVIRONMENT_KEYS: Record<string, string> = { air_temp: "air_temp_c" };

export interface JudgeOptions {
  /** One design value, or one for each reading. */
  design?: unknown;
  /** Condition key → value that counts when nothing is stated. */
  defaults?: Doc;
}

/**
 * Judges one answer of a form. `value` is a decimal string or number, a boolean, an option id, or a list of readings.
 * Null when there is nothing to judge: no value, a field that is not asked here, or one without a bound that is no
 * measured number.
 */
export function judgeField(field: Doc, value: unknown, context: Doc, options: JudgeOptions = {}): Verdict | null {
  if (value === undefined || value === null || value === "") return null;
  const facts = new Facts(context, options.defaults);
  const asked = when(field["when"] as Doc | undefined, facts);
  const limits = limitsOf(field);
  if (asked.holds === "no" || (limits.length === 0 && !MEASURED.has(String(field["type"])))) return null;
  const reading = readingOf(field, value, options.design, facts);
  const judged: Judged[] = [];
  limits.forEach((limit, index) => {
    const outcome = judgeLimit(limit, reading, facts, asked);
    if (outcome) judged.push({ index, limit, outcome });
  });
  const least = asNumber(field["min_readings"]) ?? 1;
  return summed(judged, facts, reading.isSeries && reading.points.length < least ? ["readings"] : []);
}

/** All that is known while a step is judged: own answers weigh more than the environment, that more than the context. */
export function stepFacts(answers: Doc, environment: Doc, context: Doc = {}): Doc {
  const facts: Record<string, unknown> = { ...context };
  const add = (key: string, value: unknown): void => {
    if (value !== undefined && value !== null && value !== "") facts[key] = value;
  };
  for (const [key, value] of Object.entries(environment)) add(ENVIRONMENT_KEYS[key] ?? key, value);
  for (const [key, answer] of Object.entries(answers)) add(key, splitAnswer(answer).value);
  return facts;
}

/** Whether a field is asked: its condition is not known to fail. */
export function isAsked(field: Doc, facts: Doc, defaults: Doc = {}): boolean {
  return when(field["when"] as Doc | undefined, new Facts(facts, defaults)).holds !== "no";
}

/** Whether a limit surely holds under what is known: its condition met, no waiver in sight, every figure there. */
export function isKnownToApply(limit: Doc, facts: Doc): boolean {
  const known = new Facts(facts);
  if (limit["open"] === true || "unless" in limit || addition(limit, known).lacking) return false;
  return when(limit["when"] as Doc | undefined, known).holds === "yes";
}

/** Value and design of an answer in either of its two forms. */
export function splitAnswer(answer: unknown): { value: unknown; design: unknown } {
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) {
    const { value, design } = answer as Doc;
    return { value, design };
  }
  return { value: answer, design: undefined };
}

/** A field's limits; a bound of the field's own counts as its only limit, without the field's `when` and unit. */
export function limitsOf(field: Doc): readonly Doc[] {
  if (Array.isArray(field["limits"])) return field["limits"] as Doc[];
  if (!("range" in field || "deviation" in field || "expect" in field)) return [];
  const { when: _when, unit: _unit, ...limit } = field;
  return [limit];
}

interface Judged {
  index: number;
  limit: Doc;
  outcome: Outcome;
}

function summed(judged: readonly Judged[], facts: Facts, extra: readonly string[]): Verdict {
  const reasons = new Set(extra);
  if (judged.length === 0) reasons.add("none");
  const results = new Set<Result>(judged.map((one) => one.outcome.result));
  if (reasons.size > 0) results.add("open");
  const verdict = (["fail", "open", "warn"] as const).find((result) => results.has(result)) ?? "pass";
  const deciding = judged.filter((one) => one.outcome.result === verdict);
  if (verdict === "open") for (const one of deciding) for (const reason of one.outcome.because) reasons.add(reason);
  return {
    verdict,
    deciding: deciding.map((one) => one.limit),
    applied: judged.map((one) => one.index),
    openBecause: verdict === "open" ? [...reasons].sort() : [],
    defaultsUsed: [...facts.defaultsUsed].sort(),
  };
}

function readingOf(field: Doc, value: unknown, stated: unknown, facts: Facts): Reading {
  const points: readonly unknown[] = Array.isArray(value) ? value : [value];
  let design: unknown = stated ?? undefined;
  if (design === undefined && "design_key" in field) design = facts.get(String(field["design_key"]));
  if (design === undefined && field["reading"] === "deviation") design = 0;
  const all: readonly unknown[] = Array.isArray(design) ? design : points.map(() => design);
  const known = all.map(asDecimal).filter((one) => one !== null);
  return { points, designs: known.length === all.length ? known : [], isSeries: field["type"] === "series" };
}

function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
