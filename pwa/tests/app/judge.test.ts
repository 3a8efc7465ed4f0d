/// <reference types="node" />
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { judgeField, type Doc } from "../../src/shared/judge";

/** The vectors that the server's judge passes too. */
const FILE = fileURLToPath(new URL("../../../tests/unit/vectors/judge.json", import.meta.url));

interface Vector {
  name: string;
  field: Doc;
  value: unknown;
  design?: unknown;
  context: Doc;
  defaults?: Doc;
  verdict: string | null;
  applied?: number[];
  open_because?: string[];
  defaults_used?: string[];
}

const vectors: Vector[] = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Vector[]) : [];

describe("the judge on the phone says what the server's judge says", () => {
  it("has vectors to read", () => {
    expect(vectors.length).toBeGreaterThan(50);
  });

  it.each(vectors)("$name", ({ field, value, design, context, defaults, ...wanted }) => {
    const said = judgeField(field, value, context, { design, ...(defaults ? { defaults } : {}) });
    expect(said?.verdict ?? null).toBe(wanted.verdict);
    if (wanted.applied) expect(said?.applied).toEqual(wanted.applied);
    if (wanted.open_because) expect(said?.openBecause).toEqual([...wanted.open_because].sort());
    if (wanted.defaults_used) expect(said?.defaultsUsed).toEqual([...wanted.defaults_used].sort());
  });
});
