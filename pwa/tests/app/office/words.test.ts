import { expect, test } from "vitest";
import { en } from "../../../src/app/office/words/en";
import { zh } from "../../../src/app/office/words/zh";

/** All texts of a catalogue part by their path; sentences with parameters are filled with something. */
function texts(part: unknown, path = ""): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") return [[path, String((part as (...given: unknown[]) => unknown)(2, 3, 4))]];
  return Object.entries(part as object).flatMap(([name, value]) => texts(value, `${path}.${name}`));
}

const LATIN_ALLOWED = /\b(CSV|XLSX|Excel|ERP|SHA-256|MB|Enter|[A-Z])\b/g;

test("Chinese texts have no English left over and full-width punctuation", () => {
  for (const [path, text] of texts(zh)) {
    expect(text.replace(LATIN_ALLOWED, ""), path).not.toMatch(/[A-Za-z]{2,}/);
    expect(text, path).not.toMatch(/[\u4e00-\u9fff] ?[,;:?!()]/);
  }
});

test("English texts have no Chinese left over, but for the six signs", () => {
  for (const [path, text] of texts(en)) {
    if (path.startsWith(".element.headings")) continue;
    expect(text, path).not.toMatch(/[\u4e00-\u9fff，。；：]/);
  }
});
