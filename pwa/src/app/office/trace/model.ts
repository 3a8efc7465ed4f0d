/** A trace as something to draw: groups above a limit, edges between what is drawn, the way from the start. Pure. */
import type { Trace, TraceEdge, TraceNode } from "../../../capture";
import { grouped } from "../lib/grouped";
import type { Signal } from "../../../shared/kit/status";

/** What a screen says of a node. */
export interface Said {
  title: string;
  note: string;
  signal: Signal | null;
  /** Nodes of one kind and one of these are put into one group. */
  group: { key: string; name: string };
}

export interface DrawnNode {
  id: string;
  kind: TraceNode["kind"];
  title: string;
  note: string;
  signal: Signal | null;
  start: boolean;
  certain: boolean;
  /** Ids of the nodes in a group; empty for a single node. */
  members: string[];
}

export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
  label: string;
  certain: boolean;
}

export interface Drawn {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  grouped: boolean;
}

/** As many nodes as are drawn at once. */
export const MOST = 300;

/**
 * What is drawn of a trace. Up to `most` nodes stand alone; above that they are grouped, and the group named in `open`
 * shows its members as far as there is room. Edges inside a group fall away, those between two groups become one.
 */
export function drawn(
  trace: Trace,
  say: (node: TraceNode) => Said,
  edgeLabel: (edge: TraceEdge) => string,
  open = "",
  most = MOST,
): Drawn {
  const starts = new Set(trace.start);
  const isGrouped = trace.nodes.length > most;
  const nodes = isGrouped ? groups(trace, say, starts, open, most) : trace.nodes.map((node) => single(node, say(node), starts));
  const home = new Map(nodes.flatMap((node) => (node.members.length > 0 ? node.members : [node.id]).map((id) => [id, node.id])));
  return { nodes, edges: edgesBetween(trace.edges, home, edgeLabel), grouped: isGrouped };
}

function single(node: TraceNode, said: Said, starts: ReadonlySet<string>): DrawnNode {
  const { title, note, signal } = said;
  return { id: node.id, kind: node.kind, title, note, signal, start: starts.has(node.id), certain: node.certain, members: [] };
}

function groups(trace: Trace, say: (node: TraceNode) => Said, starts: ReadonlySet<string>, open: string, most: number): DrawnNode[] {
  const byKey = grouped(trace.nodes, (node) => `${node.kind}:${say(node).group.key}`);
  const room = Math.max(0, most - byKey.size);
  return [...byKey].flatMap(([key, members]) => {
    const shown = members.length === 1 ? members : key === open ? members.slice(0, room) : [];
    const rest = members.slice(shown.length);
    const alone = shown.map((node) => single(node, say(node), starts));
    return rest.length > 0 ? [...alone, group(key, rest, say, starts)] : alone;
  });
}

function group(key: string, members: TraceNode[], say: (node: TraceNode) => Said, starts: ReadonlySet<string>): DrawnNode {
  const first = members[0]!;
  return {
    id: key,
    kind: first.kind,
    title: say(first).group.name,
    note: "",
    signal: null,
    start: members.some((node) => starts.has(node.id)),
    certain: members.some((node) => node.certain),
    members: members.map((node) => node.id),
  };
}

function edgesBetween(edges: readonly TraceEdge[], home: ReadonlyMap<string, string>, label: (edge: TraceEdge) => string): DrawnEdge[] {
  const found = new Map<string, DrawnEdge & { count: number }>();
  for (const edge of edges) {
    const source = home.get(edge.source);
    const target = home.get(edge.target);
    if (!source || !target || source === target) continue;
    const id = `${source}→${target}`;
    const same = found.get(id);
    const certain = edge.certainty === "certain";
    if (!same) found.set(id, { id, source, target, label: label(edge), certain, count: 1 });
    // Several acts between the same two: their quantities may differ in unit, so the line says how many they are.
    else found.set(id, { ...same, certain: same.certain || certain, count: same.count + 1, label: `× ${same.count + 1}` });
  }
  return [...found.values()].map(({ count: _, ...edge }) => edge);
}

export interface PathStep {
  id: string;
  /** The edge that leads here; null at the start. */
  edge: TraceEdge | null;
}

/** The shortest way from a start to a node, with the material or against it, never both mixed; null when there is none. */
export function pathTo(trace: Trace, id: string): PathStep[] | null {
  return walk(trace, id, false) ?? walk(trace, id, true);
}

function walk(trace: Trace, goal: string, against: boolean): PathStep[] | null {
  const from = (edge: TraceEdge): string => (against ? edge.target : edge.source);
  const to = (edge: TraceEdge): string => (against ? edge.source : edge.target);
  const out = new Map<string, TraceEdge[]>();
  // Certain edges first, so that of two equally short ways the certain one is told.
  for (const edge of [...trace.edges].sort((a, b) => a.certainty.localeCompare(b.certainty))) {
    out.set(from(edge), [...(out.get(from(edge)) ?? []), edge]);
  }
  const by = new Map<string, TraceEdge | null>(trace.start.map((id) => [id, null]));
  const queue = [...trace.start];
  for (let at = 0; at < queue.length && !by.has(goal); at++) {
    for (const edge of out.get(queue[at]!) ?? []) {
      if (by.has(to(edge))) continue;
      by.set(to(edge), edge);
      queue.push(to(edge));
    }
  }
  if (!by.has(goal)) return null;
  const path: PathStep[] = [];
  for (let id: string | null = goal; id !== null; ) {
    const edge: TraceEdge | null = by.get(id) ?? null;
    path.unshift({ id, edge });
    id = edge && from(edge);
  }
  return path;
}

/** Nodes by their distance from the start, sources first. */
export function layers(trace: Trace): { depth: number; nodes: TraceNode[] }[] {
  const byDepth = [...grouped(trace.nodes, (node) => String(node.depth)).values()];
  return byDepth.map((nodes) => ({ depth: nodes[0]!.depth, nodes })).sort((a, b) => a.depth - b.depth);
}
