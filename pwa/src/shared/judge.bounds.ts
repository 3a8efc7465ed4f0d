/** The words for a bound beside a verdict, in the language in use. */
import { exact, text } from "./decimal";
import { list, number, unit as unitWord } from "./i18n/format";
import { called, t, type Names } from "./i18n/index.svelte";
import { Facts, asDecimal, type Doc } from "./judge.conditions";
import { addition, deviationOf, figuresOf } from "./judge.limits";

export interface Option {
  id: string;
  names: Names;
}

/** The bound of one limit: "160 to 200 mm", "deviation −5 to +8 mm", "should be yes". "" when there is none to say. */
export function boundOf(limit: Doc, unit: string | undefined, facts: Doc, options: readonly Option[] = []): string {
  if ("expect" in limit) return expectation(limit["expect"], options);
  const shownUnit = unitWord((limit["unit"] as string | undefined) ?? unit);
  const after = shownUnit && shownUnit !== "pass/fail" ? ` ${shownUnit}` : "";
  if ("deviation" in limit) {
    const { low, high } = deviationOf(limit);
    return between(low, high, after, true);
  }
  const plus = addition(limit, new Facts(facts)).amount;
  const { low, high } = figuresOf(limit);
  const said = between(low === null ? null : low + plus, high === null ? null : high + plus, after, false);
  const share = asDecimal(limit["share_min"]);
  return said && share !== null && share !== exact(100) ? `${said} (${t().judge.share(text(share))})` : said;
}

/** Several bounds in one line, each said once. */
export function boundsOf(limits: readonly Doc[], unit: string | undefined, facts: Doc, options?: readonly Option[]): string {
  const said = limits.map((limit) => boundOf(limit, unit, facts, options)).filter(Boolean);
  return list([...new Set(said)]);
}

function between(low: bigint | null, high: bigint | null, after: string, signed: boolean): string {
  const show = (value: bigint): string => `${signed && value > 0n ? "+" : ""}${number(text(value))}`;
  const words = t().judge;
  if (low !== null && high !== null) {
    const both = signed ? words.deviation(show(low), show(high)) : words.between(show(low), show(high));
    return `${both}${after}`;
  }
  if (low !== null) return `${words.atLeast(show(low))}${after}`;
  return high !== null ? `${words.atMost(show(high))}${after}` : "";
}

function expectation(expect: unknown, options: readonly Option[]): string {
  if (expect === true) return t().judge.yes;
  if (expect === false) return t().judge.no;
  if (expect === "any" || expect === "evaluate" || expect === "pass") return "";
  const wanted = Array.isArray(expect) ? expect.map(String) : [String(expect)];
  const names = wanted.map((id) => called(options.find((option) => option.id === id)?.names) || id);
  return t().judge.oneOf(names.join(" / "));
}
