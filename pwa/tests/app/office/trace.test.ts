import { expect, test } from "vitest";
import type { Trace, TraceEdge, TraceNode } from "../../../src/capture/types";
import { heightOf, widthOf } from "../../../src/app/office/trace/layout";
import { tree } from "../../../src/app/office/trace/groups";
import { AS_IT_COMES, drawn, layers, pathTo, type DrawnNode, type Said } from "../../../src/app/office/trace/model";
import { daysOf, narrowed } from "../../../src/app/office/trace/narrow";

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

const say = (one: TraceNode): Said => ({ title: one.id, note: "", signal: null, facets: { what: { key: one.id[0] ?? "", name: `all ${one.id[0]}` } }, at: "", href: "" });
const label = (some: readonly TraceEdge[]): string => (some.length > 1 ? `× ${some.length}` : `${some[0]?.source_quantity} t`);

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
  const closed = drawn(big, say, label, AS_IT_COMES, 10, 20);
  expect(closed.nodes.map((one) => [one.title, one.members.length])).toEqual([["wall", 0], ["all l", 20]]);
  expect(closed.edges).toEqual([{ id: "l<→wall", source: "l<", target: "wall", label: "× 20", certain: true }]);
  expect(drawn(big, say, label, { ...AS_IT_COMES, chosen: ["l<"] }, 10, 21).nodes).toHaveLength(21);
  // One box too many: the group stays closed.
  expect(drawn(big, say, label, { ...AS_IT_COMES, chosen: ["l<"] }, 10, 20).nodes).toHaveLength(2);
});

test("two thousand nodes open in 40 boxes, and whatever group is opened there are never more than 150", () => {
  const lots = Array.from({ length: 1200 }, (_, i) => node(`lot${i}`, "lot", i % 2 ? -1 : 1));
  const steps = Array.from({ length: 799 }, (_, i) => node(`pour${i}`, "step", -1));
  const big = traceOf([...lots, ...steps, node("wall", "task", 0)], lots.map((lot) => edge(lot.id, "wall")), ["wall"]);
  let chosen: string[] = [];
  const first = drawn(big, say, label);
  expect(first.nodes.length).toBeLessThanOrEqual(41);
  expect(first.nodes.flatMap((one) => (one.members.length > 0 ? one.members : [one.id]))).toHaveLength(2000);
  for (let at = 0; at < 8; at++) {
    const now = drawn(big, say, label, { ...AS_IT_COMES, chosen });
    expect(now.nodes.length).toBeLessThanOrEqual(150);
    const next = now.nodes.find((one) => one.members.length > 0)!;
    chosen = [...chosen, next.id];
    // What was just pressed did open: older ones make room.
    expect(drawn(big, say, label, { ...AS_IT_COMES, chosen }).open.has(next.id)).toBe(true);
  }
});

test("a group that was closed by hand stays closed", () => {
  const lots = Array.from({ length: 70 }, (_, i) => node(`${i % 2 ? "a" : "b"}${i}`, "lot", -1));
  const big = traceOf([...lots, node("wall", "task", 0)], [], ["wall"]);
  expect(drawn(big, say, label).open.size).toBe(1);
  expect(drawn(big, say, label, { ...AS_IT_COMES, shut: new Set(["b<"]) }).open.size).toBe(0);
});

test("one more than forty times forty children still end in pages", () => {
  const lots = Array.from({ length: 1600 }, (_, i) => node(`lot${i}`, "lot", -1));
  const [top] = tree([...lots, node("lot1600", "lot", -1)], say, "kind");
  expect(top?.children).toHaveLength(2);
  expect(top?.children.map((one) => one.members.length)).toEqual([1600, 1]);
});

const everything = { kind: "", signal: "", certainty: "", material: "", from: "", until: "" };

test("hiding the work keeps the tie between lot and wall, possible where a part of the way is", () => {
  const seen = narrowed({ ...small, nodes: small.nodes }, { ...everything, kind: "lot" }, say, new Map());
  expect(seen.nodes.map((one) => one.id)).toEqual(["heat", "bundle", "wall"]);
  expect(seen.edges.map((one) => [one.source, one.target, one.certainty])).toEqual([
    ["heat", "bundle", "certain"],
    ["heat", "wall", "possible"],
    ["bundle", "wall", "possible"],
  ]);
});

test("a day hides what came after it, and what has no day is as old as the first work in it", () => {
  const dated = (one: TraceNode): Said => ({ ...say(one), at: { heat: "2026-03-01", bundle: "2026-03-02", pour: "2026-03-05" }[one.id] ?? "" });
  const days = daysOf(small, dated, (at) => at.slice(0, 10));
  expect(days.get("wall")).toBe("2026-03-05");
  const seen = narrowed(small, { ...everything, until: "2026-03-02" }, dated, days);
  expect(seen.nodes.map((one) => one.id)).toEqual(["heat", "bundle", "wall"]);
});

test("material narrows the lots and leaves what they went into", () => {
  const two = traceOf([...small.nodes, node("sand", "lot", -1), node("mix", "step", -1)], [...small.edges, edge("sand", "mix")], ["wall"]);
  const seen = narrowed(two, { ...everything, material: "h" }, say, new Map());
  expect(seen.nodes.map((one) => one.id)).toEqual(["heat", "pour", "wall"]);
});

test("layers stand from the source to the element", () => {
  expect(layers(small).map((layer) => layer.depth)).toEqual([-2, -1, 0]);
});

const named = (title: string): Pick<DrawnNode, "title" | "note" | "members" | "tally"> => ({ title, note: "", members: [], tally: [] });

test("a box grows with its name, and a Chinese letter is as wide as it is high", () => {
  expect(widthOf("钢筋", 14)).toBe(28);
  // Words are not broken, so three that hardly fit take three lines.
  expect(heightOf(named("supervision supervision supervision"))).toBe(80);
  expect(heightOf(named("八层一号剪力墙混凝土浇筑与振捣旁站记录"))).toBeGreaterThan(heightOf(named("墙")));
});
