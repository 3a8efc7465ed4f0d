import { expect, test } from "vitest";
import type { Trace, TraceEdge, TraceNode } from "../../../src/capture/types";
import { heightOf, widthOf } from "../../../src/app/office/trace/layout";
import { drawn, layers, pathTo, type Said } from "../../../src/app/office/trace/model";

const node = (id: string, kind: TraceNode["kind"], depth: number): TraceNode => ({ id, kind, label: id, label_en: null, status: "released", depth, certain: true });
const edge = (source: string, target: string, certainty: TraceEdge["certainty"] = "certain"): TraceEdge => ({
  source,
  target,
  kind: "consume",
  source_quantity: "1.5",
  source_unit: "t",
  target_quantity: "1.5",
  target_unit: "t",
  certainty,
  act_id: `act-${source}-${target}`,
});

function traceOf(nodes: TraceNode[], edges: TraceEdge[], start: string[]): Trace {
  const context = { organizations: [], crews: [], people: [], equipment: [], certificates: [], files: [], tests: [], defects: [] };
  return { start, nodes, edges, context, truncated: false, limit: 2000 };
}

const say = (one: TraceNode): Said => ({ title: one.id, note: "", signal: null, group: { key: one.id[0] ?? "", name: `all ${one.id[0]}` } });
const label = (one: TraceEdge): string => `${one.source_quantity} t`;

const small = traceOf(
  [node("heat", "lot", -2), node("bundle", "lot", -1), node("pour", "step", -1), node("wall", "task", 0)],
  [edge("heat", "bundle"), edge("bundle", "pour", "possible"), edge("heat", "pour", "possible"), edge("pour", "wall")],
  ["wall"],
);

test("a small trace is drawn node by node with quantities on its lines", () => {
  const graph = drawn(small, say, label);
  expect(graph.grouped).toBe(false);
  expect(graph.nodes.map((one) => one.id)).toEqual(["heat", "bundle", "pour", "wall"]);
  expect(graph.edges.find((one) => one.source === "bundle")).toMatchObject({ label: "1.5 t", certain: false });
});

test("why a lot is here is told against the material, from the wall back", () => {
  expect(pathTo(small, "heat")?.map((step) => step.id)).toEqual(["wall", "pour", "heat"]);
  expect(pathTo(small, "heat")?.[1]?.edge?.act_id).toBe("act-pour-wall");
  expect(pathTo(small, "stranger")).toBeNull();
});

test("above the limit nodes of one kind become groups, and a group opens as far as there is room", () => {
  const lots = Array.from({ length: 20 }, (_, i) => node(`lot${i}`, "lot", -1));
  const big = traceOf([...lots, node("wall", "task", 0)], lots.map((lot) => edge(lot.id, "wall")), ["wall"]);
  const closed = drawn(big, say, label, "", 10);
  expect(closed.nodes.map((one) => [one.title, one.members.length])).toEqual([["all l", 20], ["wall", 0]]);
  expect(closed.edges).toEqual([{ id: "lot:l→wall", source: "lot:l", target: "wall", label: "× 20", certain: true }]);
  const open = drawn(big, say, label, "lot:l", 10);
  expect(open.nodes).toHaveLength(10);
  expect(open.nodes.at(-2)?.members).toHaveLength(12);
});

test("layers stand from the source to the element", () => {
  expect(layers(small).map((layer) => layer.depth)).toEqual([-2, -1, 0]);
});

test("a box grows with its name, and a Chinese letter is as wide as it is high", () => {
  expect(widthOf("钢筋", 14)).toBe(28);
  // Words are not broken, so three that hardly fit take three lines.
  expect(heightOf({ title: "supervision supervision supervision", note: "" })).toBe(80);
  expect(heightOf({ title: "八层一号剪力墙混凝土浇筑与振捣旁站记录", note: "" })).toBeGreaterThan(heightOf({ title: "墙", note: "" }));
});
