import { describe, expect, it } from "vitest";
import { en } from "../../src/shared/i18n/en";
import { zh } from "../../src/shared/i18n/zh";

/** Every text of a catalogue with its path; functions are called with stand-ins. */
function texts(part: unknown, path = ""): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") {
    const given = Array.from({ length: part.length }, (_, at) => (at === 0 ? 3 : 5));
    return [[path, String((part as (...given: unknown[]) => string)(...given))]];
  }
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key));
}

const chinese = texts(zh);
const english = texts(en);

describe("the catalogues", () => {
  it("have the same texts in both languages", () => {
    expect(english.map(([path]) => path).sort()).toEqual(chinese.map(([path]) => path).sort());
  });

  it("leave no Chinese in English", () => {
    const left = english.filter(([path, text]) => path !== "me.languageNames.zh" && /[\u4e00-\u9fff，。：；？！（）]/.test(text));
    expect(left).toEqual([]);
  });

  it("write Chinese with full-width punctuation", () => {
    const half = chinese.filter(([, text]) => /[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]/.test(text));
    expect(half).toEqual([]);
  });

  it("never say that something is saved without saying where", () => {
    expect(english.filter(([, text]) => /\bsaved\b/i.test(text))).toEqual([]);
    expect(chinese.filter(([, text]) => /已保存(?!在本机)/.test(text))).toEqual([]);
  });
});
