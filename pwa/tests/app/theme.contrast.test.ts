/// <reference types="node" />
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { coloursOf, contrast, type Theme } from "./contrast";

const css = readFileSync(fileURLToPath(new URL("../../src/shared/theme/tokens.css", import.meta.url)), "utf8");

const STATUSES = ["released", "conditional", "quarantined", "expiring", "stopped"];
const GROUNDS = ["surface", "card", "sunken"];

/** Every pair of words and ground that a screen may show. */
const PAIRS: [string, string][] = [
  ...GROUNDS.flatMap((ground) => ["ink", "ink-soft", "brand-text"].map((text): [string, string] => [text, ground])),
  ...STATUSES.flatMap((status): [string, string][] => [
    [`${status}-text`, `${status}-soft`],
    ...GROUNDS.map((ground): [string, string] => [`${status}-text`, ground]),
    ["status-ink", status],
    ["ink", `${status}-soft`],
  ]),
  ["brand-ink", "brand"],
  ["brand-ink", "brand-strong"],
  ["brand-text", "brand-soft"],
  ["ink", "brand-soft"],
];

/** Shapes and control edges, which WCAG 1.4.11 wants at 3:1. */
const SHAPES: [string, string][] = [
  ...STATUSES.flatMap((status) => GROUNDS.map((ground): [string, string] => [status, ground])),
  ...GROUNDS.map((ground): [string, string] => ["edge", ground]),
];

const LEAST: Record<Theme, number> = { light: 4.5, dark: 4.5, sun: 7 };

describe.each(["light", "dark", "sun"] as Theme[])("the %s theme", (theme) => {
  const colours = coloursOf(css, theme);
  const colour = (name: string): string => {
    const hex = colours.get(name);
    if (!hex) throw new Error(`no colour ${name} in ${theme}`);
    return hex;
  };

  it.each(PAIRS)("shows %s on %s clearly enough to read", (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(LEAST[theme]);
  });

  it.each(SHAPES)("shows the shape %s on %s", (shape, ground) => {
    expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});
