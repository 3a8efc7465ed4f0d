/**
 * Where a limit comes from, as a reader of Chinese would write it. Definitions carry sources in English:
 * "GB 50666-2011 clause 8.1.2" becomes "GB 50666-2011 第 8.1.2 条".
 */
import { language } from "./index.svelte";

const PHRASES: Record<string, string> = {
  "plausibility bound, not a code limit": "常识范围，非规范限值",
  "site practice": "现场惯例",
  "common site rule": "现场惯例",
  "local archive regulations": "地方档案规定",
  design: "设计要求",
  "report of the tested system": "系统检验报告",
};

const CODE = /^((?:GB|JGJ|JG|JC|CECS|JianBanZhi|EN|ASTM|BS|ISO)(?:\/T)? ?(?:\[\d{4}\] ?)?[\dA-Z.]+(?:-\d{4})?)/;
const PLACES: [RegExp, (one: string, other?: string) => string][] = [
  [/clauses? (?:near )?([\d.]+\d)(?: (?:to|and) ([\d.]+\d))?/, (one, other) => `第 ${other ? `${one}、${other}` : one} 条`],
  [/[Tt]ables? ([\d.]+[\d-]*\d)(?: and ([\d.]+\d))?/, (one, other) => `表 ${other ? `${one}、${other}` : one}`],
  [/section ([\d.]+\d)/, (one) => `第 ${one} 节`],
  [/Appendix (\w+)/, (one) => `附录 ${one}`],
];

/** The source of a limit in the language in use. What is not understood is reduced to the code it names. */
export function sourceText(source: string): string {
  if (language() === "en") return source;
  const parts = source.split(/; | and (?=GB|JGJ|JG)/).map(partInChinese);
  return [...new Set(parts)].join("；");
}

function partInChinese(part: string): string {
  const code = CODE.exec(part)?.[1];
  if (!code) return PHRASES[part.trim()] ?? "工程惯例";
  const places = PLACES.flatMap(([form, words]) => {
    const found = form.exec(part);
    return found?.[1] ? [words(found[1], found[2])] : [];
  });
  return [code, ...places].join(" ");
}
