/** The phone reads marks as the server does: both are held to tests/unit/vectors. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMark, type MarkKind } from "../../src/marks/reading";
import { numberOnRoll } from "../../src/marks/roll";

interface Vector {
  name: string;
  kind: MarkKind;
  text: string;
  value: string | null;
  is_single?: boolean;
  elements?: Record<string, string>;
}

const vector = (name: string): string => readFileSync(new URL(`../../../tests/unit/vectors/${name}`, import.meta.url), "utf-8");
const marks = JSON.parse(vector("marks.json")) as Vector[];

describe("what was read off a thing has one normal form", () => {
  it.each(marks.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const reading = readMark(one.kind, one.text);
    if (one.value === null) expect(reading).toBeNull();
    else expect(reading).toEqual({ value: one.value, is_single: one.is_single, elements: one.elements });
  });
});

describe("a roll of blank labels", () => {
  const roll = JSON.parse(vector("roll.json")) as { seed: string; count: number; codes: Record<string, string> };

  it("is known by its seed, and each label by its running number", async () => {
    for (const [n, code] of Object.entries(roll.codes)) {
      expect(await numberOnRoll(roll.seed, roll.count, code)).toBe(Number(n));
    }
  });

  it("does not know a code that is not on it", async () => {
    expect(await numberOnRoll(roll.seed, roll.count, "0".repeat(26))).toBeUndefined();
  });
});
