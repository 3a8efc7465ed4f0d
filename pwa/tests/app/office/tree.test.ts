import { expect, test } from "vitest";
import type { TaskRow } from "../../../src/capture/types";
import { linesOf, pathTo, placeOf, treeOf } from "../../../src/app/office/lib/tree";

function task(id: string, parent_id: string | null, more: Partial<TaskRow> = {}): TaskRow {
  return {
    id,
    parent_id,
    code: id,
    name: `name of ${id}`,
    name_en: null,
    level: "item",
    plan: null,
    lat: null,
    lon: null,
    planned_on: null,
    qr: null,
    position: null,
    steps_total: 0,
    steps_approved: 0,
    defects_open: 0,
    ...more,
  };
}

const tree = treeOf([
  task("tower", null, { lat: "31.1", lon: "121.1" }),
  task("structure", "tower"),
  task("wall", "structure", { steps_total: 3, steps_approved: 2, defects_open: 1 }),
  task("slab", "structure", { steps_total: 2, steps_approved: 2 }),
  task("lost", "never-came"),
]);

test("a node counts the records and defects of all below it", () => {
  expect(tree.sums.get("tower")).toEqual({ total: 5, approved: 4, defects: 1 });
});

test("a node whose parent this device does not know is still shown", () => {
  expect(linesOf(tree, new Set(), null).map((line) => line.task.id)).toEqual(["tower", "lost"]);
});

test("only children of open nodes are shown, one level deeper", () => {
  const lines = linesOf(tree, new Set(["tower"]), null);
  expect(lines.map((line) => [line.task.id, line.depth])).toEqual([["tower", 1], ["structure", 2], ["lost", 1]]);
});

test("a filter shows what fits with the way down to it", () => {
  const lines = linesOf(tree, new Set(), (one) => one.id === "slab");
  expect(lines.map((line) => line.task.id)).toEqual(["tower", "structure", "slab"]);
});

test("a node without a place has that of the nearest above it", () => {
  expect(placeOf(tree.byId, "wall")).toEqual(["31.1", "121.1"]);
  expect(placeOf(tree.byId, "lost")).toBeNull();
  expect(pathTo(tree, "wall").map((one) => one.id)).toEqual(["tower", "structure", "wall"]);
});
