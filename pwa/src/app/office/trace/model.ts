/** A trace as something to draw: groups above a limit, edges between what is drawn, the way from the start. Pure. */
import type { Trace, TraceEdge, TraceNode } from "../../../capture";
import { gravest, type Signal } from "../../../shared/kit/status";
import { grouped } from "../lib/grouped";
import { boxes, FEW, MOST, openAtFirst, openNow, tree, type Branch, type Facet, type Grouping, type Named } from "./groups";

/** What a screen says of a node. */
export interface Said {
  title: string;
  note: string;
  signal: Signal | null;
  /** What it can be grouped and filtered by. */
  facets: Partial<Record<Facet, Named>>;
  /** When it happened, UTC or a day; "" where nothing is known. */
  at: string;
  /** Where its record opens; "" where it has none. */
  href: string;
}

export interface DrawnNode {
  id: string;
  kind: TraceNode["kind"];
  title: string;
  note: string;
  /** Of a group the gravest of its members. */
  signal: Signal | null;
  /** How many members of a group have each signal, gravest first. */
  tally: { signal: Signal; count: number }[];
  start: boolean;
  certain: boolean;
  /** Ids of the nodes in a group; empty for a single node. */
  members: string[];
  /** The open group it belongs to; "" when there is none. */
  within: string;
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
  /** Groups that are open, by key. */
  open: ReadonlySet<string>;
  branches: readonly Branch[];
}

/** How a person wants to see the groups. */
export interface Opened {
  by: Grouping;
  /** Keys of groups opened by hand, oldest first, and of those closed by hand. */
  chosen: readonly string[];
  shut: ReadonlySet<string>;
  /** Nodes that always stand alone beside the starts: the one looked at. */
  alone: ReadonlySet<string>;
}

export const AS_IT_COMES: Opened = { by: "kind", chosen: [], shut: new Set(), alone: new Set() };

/**
 * What is drawn of a trace. Up to `few` nodes stand alone; above that they are grouped, the smallest groups open by
 * themselves, and a person opens others: never more than `most` boxes. Edges inside a group fall away, those between
 * the same two boxes become one.
 */
export function drawn(
  trace: Trace,
  say: (node: TraceNode) => Said,
  edgeLabel: (edges: readonly TraceEdge[]) => string,
  opened: Opened = AS_IT_COMES,
  few = FEW,
  most = MOST,
): Drawn {
  const starts = new Set(trace.start);
  const isGrouped = trace.nodes.length > few;
  const shown = isGrouped ? grouping(trace, say, starts, opened, few, most) : ungrouped(trace, say);
  const nodes = shown.boxes.map(({ branch, within }) => box(branch, within, say, starts));
  const home = new Map(nodes.flatMap((node) => (node.members.length > 0 ? node.members : [node.id]).map((id) => [id, node.id])));
  return { nodes, edges: edgesBetween(trace.edges, home, edgeLabel), grouped: isGrouped, open: shown.open, branches: shown.branches };
}

interface Shown {
  boxes: { branch: Branch; within: string }[];
  open: ReadonlySet<string>;
  branches: readonly Branch[];
}

const standing = (node: TraceNode, say: (node: TraceNode) => Said): Branch => ({ key: node.id, name: say(node).title, members: [node], children: [] });

function ungrouped(trace: Trace, say: (node: TraceNode) => Said): Shown {
  return { boxes: trace.nodes.map((node) => ({ branch: standing(node, say), within: "" })), open: new Set(), branches: [] };
}

function grouping(trace: Trace, say: (node: TraceNode) => Said, starts: ReadonlySet<string>, opened: Opened, few: number, most: number): Shown {
  // A hundred starts, the lots of one supplier say, are a group like others.
  const isAlone = (node: TraceNode): boolean => opened.alone.has(node.id) || (starts.size <= 5 && starts.has(node.id));
  const alone = trace.nodes.filter(isAlone);
  const branches = tree(trace.nodes.filter((node) => !isAlone(node)), say, opened.by);
  const first = openAtFirst(branches, few - alone.length);
  const open = openNow(branches, first, opened.chosen, opened.shut, most - alone.length);
  return { boxes: [...alone.map((node) => ({ branch: standing(node, say), within: "" })), ...boxes(branches, open)], open, branches };
}

function box({ key, name, members, children }: Branch, within: string, say: (node: TraceNode) => Said, starts: ReadonlySet<string>): DrawnNode {
  const first = members[0]!;
  const isGroup = children.length > 0;
  const signals = isGroup ? members.flatMap((node) => say(node).signal ?? []) : [];
  const said = say(first);
  return {
    id: key,
    kind: first.kind,
    title: isGroup ? name : said.title,
    note: isGroup ? "" : said.note,
    signal: isGroup ? (signals.length > 0 ? gravest(signals) : null) : said.signal,
    tally: tallyOf(signals),
    start: members.some((node) => starts.has(node.id)),
    certain: members.some((node) => node.certain),
    members: isGroup ? members.map((node) => node.id) : [],
    within,
  };
}

const GRAVEST_FIRST: readonly Signal[] = ["stopped", "expiring", "quarantined", "conditional", "released"];

function tallyOf(signals: readonly Signal[]): DrawnNode["tally"] {
  return GRAVEST_FIRST.map((signal) => ({ signal, count: signals.filter((one) => one === signal).length })).filter(({ count }) => count > 0);
}

function edgesBetween(edges: readonly TraceEdge[], home: ReadonlyMap<string, string>, label: (edges: readonly TraceEdge[]) => string): DrawnEdge[] {
  const between = grouped(
    edges.filter(({ source, target }) => home.has(source) && home.has(target) && home.get(source) !== home.get(target)),
    (edge) => `${home.get(edge.source)}→${home.get(edge.target)}`,
  );
  return [...between].map(([id, same]) => ({
    id,
    source: home.get(same[0]!.source)!,
    target: home.get(same[0]!.target)!,
    label: label(same),
    certain: same.some((edge) => edge.certainty === "certain"),
  }));
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
  // Certain edges first, so that of two equally short ways the certain one is told.
  const certainFirst = (["certain", "possible"] as const).flatMap((one) => trace.edges.filter((edge) => edge.certainty === one));
  const out = grouped(certainFirst, from);
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
