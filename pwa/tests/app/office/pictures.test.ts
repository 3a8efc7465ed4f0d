import { expect, test } from "vitest";
import type { DefectRow, LotRow, TaskRow, Trace, TraceEdge, TraceNode } from "../../../src/capture/types";
import { slots, ticks, type Happening } from "../../../src/app/office/pictures/events";
import { bandOf, flowsOf, placed, unitsOf } from "../../../src/app/office/pictures/flow";
import { ground, marks, onPaper, things, whole, written, type Mark } from "../../../src/app/office/pictures/site";
import type { Said } from "../../../src/app/office/trace/model";

const node = (id: string, kind: TraceNode["kind"]): TraceNode => ({ id, kind, label: id, status: "", depth: 0, certain: true });
const edge = (source: string, target: string, quantity: string | null, certainty: TraceEdge["certainty"] = "certain"): TraceEdge => ({
  source,
  target,
  kind: "consume",
  source_quantity: quantity,
  source_unit: quantity && "t",
  target_quantity: quantity,
  target_unit: quantity && "t",
  certainty,
  act_id: "",
});
const context = { organizations: [], crews: [], people: [], equipment: [], certificates: [], files: [], tests: [], defects: [] };
const traceOf = (nodes: TraceNode[], edges: TraceEdge[]): Trace => ({ start: [], nodes, edges, context, truncated: false, limit: 2000 });
const say = (one: TraceNode): Said => ({ title: one.id, note: "", signal: null, facets: {}, at: "", href: "" });
const lot = (id: string, received: string): [string, LotRow] => [id, { id, received, unit: "t", supplier_id: "mill" } as LotRow];

const steel = traceOf(
  [node("heat", "lot"), node("cut", "lot"), node("tie", "step"), node("fix", "step"), node("wall", "task")],
  [edge("heat", "cut", "10"), edge("cut", "tie", "0.1"), edge("cut", "fix", "0.2", "possible"), edge("tie", "wall", null), edge("fix", "wall", null)],
);
const mill = new Map([lot("heat", "12.5")]);

test("quantities run from the supplier through heat and sublot to the element, summed exactly", () => {
  const found = flowsOf(steel, "t", mill, say, () => "Mill");
  expect(unitsOf(steel)).toEqual(["t"]);
  expect(found.flows).toContainEqual({ source: "mill", target: "heat", quantity: "12.5", certain: true });
  // 0.1 + 0.2 is 0.3 here, and a possible part makes the whole band possible.
  expect(found.flows).toContainEqual({ source: "cut", target: "wall", quantity: "0.3", certain: false });
  expect(found.ends.map(({ id, kind }) => [id, kind]).sort()).toEqual([["cut", "sublot"], ["heat", "lot"], ["mill", "supplier"], ["wall", "task"]]);
});

test("bands stand left to right, as wide as their part of the largest", () => {
  const drawing = placed(flowsOf(steel, "t", mill, say, () => "Mill"), 900, 400);
  const band = (to: string): number => drawing.flows.find((flow) => flow.target === to)!.width;
  expect(band("cut") / band("heat")).toBeCloseTo(10 / 12.5);
  expect([...drawing.ends].sort((a, b) => a.x0 - b.x0).map(({ id }) => id)).toEqual(["mill", "heat", "cut", "wall"]);
  expect(bandOf(drawing.flows[0]!)).toMatch(/^M[\d. ]+C/);
});

test("flows in a circle are left out and counted, what hangs behind them too", () => {
  const ring = traceOf([node("a", "lot"), node("b", "lot"), node("c", "lot"), node("d", "lot")], [edge("a", "b", "1"), edge("b", "a", "1"), edge("c", "d", "2")]);
  const found = flowsOf(ring, "t", new Map(), say, () => "");
  expect(found.circles).toBe(2);
  expect(found.flows).toEqual([{ source: "c", target: "d", quantity: "2", certain: true }]);
});

test("of many elements the smallest are drawn as one, and nothing of the quantity is lost", () => {
  const walls = Array.from({ length: 40 }, (_, i) => node(`w${i}`, "task"));
  const many = traceOf([node("heat", "lot"), ...walls], walls.map((wall, i) => edge("heat", wall.id, String(i + 1))));
  const found = flowsOf(many, "t", new Map(), say, () => "", 10);
  expect(found.ends.filter((end) => end.kind === "task")).toHaveLength(10);
  expect(found.ends.find((end) => end.others > 0)?.others).toBe(31);
  expect(found.flows.reduce((sum, flow) => sum + Number(flow.quantity), 0)).toBe((40 * 41) / 2);
});

const event = (lane: Happening["lane"], day: string): Happening => ({ id: `${lane}${day}`, lane, day, title: "", note: "", signal: "released", href: "", node: "" });

test("days that fall on one another share a mark, each lane for itself", () => {
  const all = [event("delivery", "2026-03-01"), event("delivery", "2026-03-02"), event("step", "2026-03-02"), event("test", "2026-04-09")];
  const found = slots(all, 20);
  expect(found.map((slot) => [slot.lane, slot.from, slot.until, slot.events.length])).toEqual([
    ["delivery", "2026-03-01", "2026-03-02", 2],
    ["step", "2026-03-02", "2026-03-02", 1],
    ["test", "2026-04-09", "2026-04-09", 1],
  ]);
  expect(slots(all, 40)).toHaveLength(4);
});

test("the axis has round days and never more than asked for", () => {
  expect(ticks("2026-03-01", "2026-03-29", 9).map(({ day }) => day)).toEqual(["2026-03-01", "2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"]);
  expect(ticks("2020-01-01", "2026-01-01", 9).length).toBeLessThanOrEqual(10);
  expect(ticks("2026-03-01", "2026-03-01", 9)).toEqual([{ day: "2026-03-01", at: 0.5 }]);
});

const SITE: [string, string][] = [["31.2300", "121.4700"], ["31.2300", "121.4720"], ["31.2315", "121.4720"], ["31.2315", "121.4700"]]; // prettier-ignore
const wall = { id: "wall", lat: "31.2308", lon: "121.4711", code: "W" } as TaskRow;
const crack = { id: "crack", task_id: "wall", lat: null, lon: null, code: "D", title: "crack", status: "open" } as DefectRow;
const name = (): { title: string; note: string } => ({ title: "", note: "" });
const siteWords = { place: name, task: name, step: name, taskSignal: () => "released" as const };
const onSite = things({ places: [], tasks: [wall, { ...wall, id: "nowhere", lat: null }], defects: [crack, { ...crack, id: "pinned", lat: "31.2312", lon: "121.4715" }], steps: [] }, siteWords);

test("a defect without a pin of its own stands at its part of the work", () => {
  expect(onSite.map(({ id }) => id)).toEqual(["wall", "crack", "pinned"]);
  expect(onSite[1]?.at).toEqual(onSite[0]?.at);
});

test("the whole site fits on the paper, north is up, and things at one spot share a mark", () => {
  const plane = ground(SITE, onSite)!;
  const view = whole(plane, 600, 400);
  const [x, y] = onPaper(view, plane.site[0]!, 600, 400);
  expect(x).toBeGreaterThan(0);
  // The first corner is in the south-west: left and below.
  expect(y).toBeGreaterThan(200);
  for (const corner of plane.site) {
    const [cx, cy] = onPaper(view, corner, 600, 400);
    expect(cx > 0 && cx < 600 && cy > 0 && cy < 400).toBe(true);
  }
  const found = marks(onSite, (one) => onPaper(view, plane.spots.get(one.id)!, 600, 400), 22);
  expect(found.map((mark) => mark.things.map(({ id }) => id))).toEqual([["wall", "crack"], ["pinned"]]);
});

test("names of places stand on no mark and on no other name, and none is cut off at the edge", () => {
  const yard = (id: string, x: number, y: number, title: string): Mark => ({
    id,
    at: [x, y],
    things: [{ id, layer: "place", title, note: "", signal: null, href: "", at: [0, 0], accuracy: 0 }],
  });
  const found = [yard("a", 100, 100, "一号钢筋堆场"), yard("b", 150, 110, "钢筋加工棚"), yard("c", 345, 300, "Gate")];
  const shown = written(found, 360);
  // To the right of a stands b, to the right of c the paper ends.
  expect(shown.map(({ id, anchor }) => [id, anchor])).toEqual([["a", "end"], ["b", "start"], ["c", "end"]]);
  const crowd = [90, 120, 150].flatMap((y) => [60, 90, 120].map((x) => yard(`${x} ${y}`, x, y, "材料仓库")));
  expect(written(crowd, 360).map(({ id }) => id)).not.toContain("90 120");
});

test("without a border and without positions there is no map", () => {
  expect(ground([], [])).toBeNull();
});
