/// <reference types="node" />
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { judgeGate, type GatedMaterial, type KnownLot } from "../../src/shared/gate";
import type { Doc } from "../../src/shared/judge";

/** The vectors that the server's gate passes too. */
const FILE = fileURLToPath(new URL("../../../tests/unit/vectors/gate.json", import.meta.url));

interface Vector {
  name: string;
  material: GatedMaterial;
  lot: KnownLot;
  day: string;
  defaults: Doc;
  missing: string[];
  due_on: string | null;
}

describe("the gate on the phone says what the server's gate says", () => {
  const vectors = JSON.parse(readFileSync(FILE, "utf8")) as Vector[];

  it("has vectors to read", () => {
    expect(vectors.length).toBeGreaterThan(20);
  });

  it.each(vectors)("$name", ({ material, lot, day, defaults, missing, due_on }) => {
    expect(judgeGate(material, lot, day, defaults)).toEqual({ missing, dueOn: due_on });
  });
});
