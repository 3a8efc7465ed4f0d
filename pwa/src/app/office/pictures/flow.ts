/** Where quantities went: supplier → lot → what was split off → element. Exact sums; the library only places them. Pure. */
import { sankey, type SankeyLink, type SankeyNode } from "d3-sankey";
import type { LotRow, Trace, TraceEdge, TraceNode } from "../../../capture";
import { exact, text, type Exact } from "../../../shared/decimal";
import type { Signal } from "../../../shared/kit/status";
import { grouped } from "../lib/grouped";
import type { Said } from "../trace/model";

export type FlowKind = "supplier" | "lot" | "sublot" | "task";

export interface FlowEnd {
  id: string;
  kind: FlowKind;
  title: string;
  signal: Signal | null;
  /** How many were put together for want of room; 0 for one of its own. */
  others: number;
}

export interface Flow {
  source: string;
  target: string;
  quantity: string;
  /** False where material had mixed. */
  certain: boolean;
}

export interface Flows {
  unit: string;
  ends: FlowEnd[];
  flows: Flow[];
  /** Flows in a circle, left out: bad data, which no drawing from left to right can show. */
  circles: number;
}

interface Sum {
  source: string;
  target: string;
  quantity: Exact;
  certain: boolean;
}

/** Units in which something flows, the one of most edges first. */
export function unitsOf(trace: Trace): string[] {
  const units = grouped(trace.edges.filter((edge) => edge.source_quantity !== null), (edge) => edge.source_unit ?? "");
  return [...units].sort((a, b) => b[1].length - a[1].length).map(([unit]) => unit);
}

/** What flows in one unit; of each kind only the `most` largest stand alone. */
export function flowsOf(
  trace: Trace,
  unit: string,
  lots: ReadonlyMap<string, LotRow>,
  say: (node: TraceNode) => Said,
  supplierName: (id: string) => string,
  most = 24,
): Flows {
  const nodes = new Map(trace.nodes.map((node) => [node.id, node]));
  const sums = summed([...betweenNodes(trace, unit, nodes), ...fromSuppliers(trace, unit, lots)]);
  const open = withoutCircles(sums);
  const made = new Set(open.filter(({ source }) => nodes.get(source)?.kind === "lot").map(({ target }) => target));
  const endOf = (id: string): FlowEnd => {
    const node = nodes.get(id);
    if (!node) return { id, kind: "supplier", title: supplierName(id), signal: null, others: 0 };
    const kind: FlowKind = node.kind !== "lot" ? "task" : made.has(id) ? "sublot" : "lot";
    return { id, kind, title: say(node).title, signal: say(node).signal, others: 0 };
  };
  const ends = [...new Set(open.flatMap(({ source, target }) => [source, target]))].map(endOf);
  return { unit, ...largest(ends, open, most), circles: sums.length - open.length };
}

/** From lot to lot, and from lot through the work to what was built. */
function betweenNodes(trace: Trace, unit: string, nodes: ReadonlyMap<string, TraceNode>): Sum[] {
  const out = grouped(trace.edges, (edge) => edge.source);
  return trace.edges.flatMap((edge) => {
    const quantity = edge.source_unit === unit ? exact(edge.source_quantity) : null;
    if (quantity === null || quantity <= 0n || nodes.get(edge.source)?.kind !== "lot") return [];
    const built = nodes.get(edge.target)?.kind === "step" ? (out.get(edge.target) ?? []) : [];
    // Work on several elements at once says not how much went into which: then it is itself where the material went.
    const target = built.length === 1 ? built[0]!.target : edge.target;
    const certain = isCertain(edge) && (built.length !== 1 || isCertain(built[0]!));
    return [{ source: edge.source, target, quantity, certain }];
  });
}

const isCertain = (edge: TraceEdge): boolean => edge.certainty === "certain";

function fromSuppliers(trace: Trace, unit: string, lots: ReadonlyMap<string, LotRow>): Sum[] {
  const fed = new Set(trace.edges.map((edge) => edge.target));
  return trace.nodes.flatMap((node) => {
    const lot = node.kind === "lot" && !fed.has(node.id) ? lots.get(node.id) : undefined;
    const quantity = lot?.unit === unit ? exact(lot.received) : null;
    if (!lot?.supplier_id || quantity === null || quantity <= 0n) return [];
    return [{ source: lot.supplier_id, target: node.id, quantity, certain: true }];
  });
}

function summed(sums: readonly Sum[]): Sum[] {
  return [...grouped(sums, ({ source, target }) => `${source}→${target}`).values()].map((same) => ({
    ...same[0]!,
    quantity: same.reduce((all, { quantity }) => all + quantity, 0n),
    certain: same.every(({ certain }) => certain),
  }));
}

/** Takes away sources again and again; what is left over lies on a circle, or behind one. */
function withoutCircles(sums: readonly Sum[]): Sum[] {
  const into = new Map<string, number>();
  for (const { target } of sums) into.set(target, (into.get(target) ?? 0) + 1);
  const out = grouped(sums, ({ source }) => source);
  const free = [...out.keys()].filter((id) => !into.has(id));
  const kept: Sum[] = [];
  for (const id of free) {
    for (const sum of out.get(id) ?? []) {
      kept.push(sum);
      const left = into.get(sum.target)! - 1;
      into.set(sum.target, left);
      if (left === 0) free.push(sum.target);
    }
  }
  return kept;
}

/** Keeps the largest of each kind and puts the others together. */
function largest(ends: readonly FlowEnd[], sums: readonly Sum[], most: number): Pick<Flows, "ends" | "flows"> {
  const size = new Map<string, Exact>();
  for (const { source, target, quantity } of sums) {
    for (const id of [source, target]) size.set(id, (size.get(id) ?? 0n) + quantity);
  }
  const home = new Map<string, FlowEnd>();
  for (const [kind, some] of grouped(ends, (end) => end.kind)) {
    const ordered = [...some].sort((a, b) => (size.get(b.id)! > size.get(a.id)! ? 1 : -1));
    const alone = ordered.length > most ? ordered.slice(0, most - 1) : ordered;
    const others = ordered.length - alone.length;
    for (const end of alone) home.set(end.id, end);
    const rest: FlowEnd = { id: `rest-${kind}`, kind: kind as FlowKind, title: "", signal: null, others };
    for (const end of ordered.slice(alone.length)) home.set(end.id, rest);
  }
  const moved = sums.map((sum) => ({ ...sum, source: home.get(sum.source)!.id, target: home.get(sum.target)!.id }));
  return {
    ends: [...new Set(home.values())],
    flows: summed(moved.filter(({ source, target }) => source !== target)).map((sum) => ({ ...sum, quantity: text(sum.quantity) })),
  };
}

export interface PlacedEnd extends FlowEnd {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  /** The larger of what came in and what went out. */
  value: number;
}
export interface PlacedFlow extends Flow {
  from: PlacedEnd;
  to: PlacedEnd;
  y0: number;
  y1: number;
  width: number;
}

type Node = SankeyNode<FlowEnd, { flow: Flow }>;

/** Room for names beside the last column. */
const MARGIN = 170;

/** Places ends and bands on a paper; elements always stand in the last column. */
export function placed(found: Flows, width: number, height: number): { ends: PlacedEnd[]; flows: PlacedFlow[] } {
  if (found.flows.length === 0) return { ends: [], flows: [] };
  const draw = sankey<FlowEnd, { flow: Flow }>()
    .nodeId((end) => end.id)
    .nodeAlign((end: Node, columns) => (end.kind === "task" ? columns - 1 : Math.min(end.depth ?? 0, columns - 1)))
    .nodeWidth(14)
    .nodePadding(14)
    .extent([
      [8, 28],
      [width - MARGIN, height - 8],
    ]);
  const graph = draw({
    nodes: found.ends.map((end) => ({ ...end })),
    // Floats place the bands; what is written on them stays the exact sum.
    links: found.flows.map((flow) => ({ source: flow.source, target: flow.target, value: Number(flow.quantity), flow })),
  });
  const end = (node: Node): PlacedEnd => ({ ...node, x0: node.x0 ?? 0, x1: node.x1 ?? 0, y0: node.y0 ?? 0, y1: node.y1 ?? 0, value: node.value ?? 0 });
  return {
    ends: graph.nodes.map(end),
    flows: graph.links.map((link: SankeyLink<FlowEnd, { flow: Flow }>) => ({
      ...link.flow,
      from: end(link.source as Node),
      to: end(link.target as Node),
      y0: link.y0 ?? 0,
      y1: link.y1 ?? 0,
      width: Math.max(1, link.width ?? 0),
    })),
  };
}

/** The outline of a band: its two edges bend evenly, so that it is as wide in the middle as at its ends. */
export function bandOf({ from, to, y0, y1, width }: PlacedFlow): string {
  const half = width / 2;
  const middle = (from.x1 + to.x0) / 2;
  const bend = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return (
    `M${bend(from.x1, y0 - half)}C${bend(middle, y0 - half)} ${bend(middle, y1 - half)} ${bend(to.x0, y1 - half)}` +
    `L${bend(to.x0, y1 + half)}C${bend(middle, y1 + half)} ${bend(middle, y0 + half)} ${bend(from.x1, y0 + half)}Z`
  );
}
