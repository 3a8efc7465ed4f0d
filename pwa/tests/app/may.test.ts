/// <reference types="node" />
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { ActType } from "../../src/capture";
import { may } from "../../src/app/state/may";

/** The server's table, read from its source: screens must offer what it takes and nothing else. */
const source = readFileSync(
  fileURLToPath(new URL("../../../backend/plumbline/identity/roles.py", import.meta.url)),
  "utf8",
);
const roles = [...source.matchAll(/^ {4}([A-Z_]+) = "([a-z_]+)"$/gm)].map(([, name, id]) => [name ?? "", id ?? ""] as const);
const byName = new Map(roles);

function setOf(expression: string): Set<string> {
  const found = new Set<string>();
  const [plus = "", minus = ""] = expression.split(" - ");
  const add = (text: string, change: (id: string) => void): void => {
    for (const [, name] of text.matchAll(/R\.([A-Z_]+)/g)) change(byName.get(name ?? "") ?? "");
  };
  for (const [, group] of plus.matchAll(/\b(OFFICE|SITE|STORE|QUALITY|EVERYBODY)\b/g)) {
    if (group === "EVERYBODY") for (const [, id] of roles) found.add(id);
    else for (const id of setOf(new RegExp(`^${group} = (.*)$`, "m").exec(source)?.[1] ?? "")) found.add(id);
  }
  add(plus, (id) => found.add(id));
  add(minus, (id) => found.delete(id));
  return found;
}

const table = [...source.matchAll(/^ {4}"([a-z]+:[a-z]+)": (.*?),?(?: {2}#.*)?$/gm)].map(([, act, roles]) => [act ?? "", roles ?? ""] as const);
const KEPT_FROM_SCREENS = new Set(["project:create", "evidence:verified"]);

it("reads the server's table", () => {
  expect(table.length).toBeGreaterThan(15);
});

it.each(table.filter(([act]) => !KEPT_FROM_SCREENS.has(act)))("offers %s to those who may", (act, expression) => {
  const allowed = setOf(expression);
  for (const [, role] of roles) expect([role, may(act as ActType, [role])]).toEqual([role, allowed.has(role)]);
});
