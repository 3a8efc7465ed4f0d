/** A trace narrowed to what a person wants to see, without tearing it: ways through hidden nodes stay as ties. Pure. */
import type { Trace, TraceEdge, TraceNode } from "../../../capture";
import { grouped } from "../lib/grouped";
import type { Named } from "./groups";
import type { Said } from "./model";

/** What is looked for; "" is everything. Days are `YYYY-MM-DD`, both included. */
export interface Narrowing {
  kind: string;
  signal: string;
  certainty: string;
  material: string;
  from: string;
  until: string;
}

export const isNarrow = (by: Narrowing): boolean => Object.values(by).some((value) => value !== "");

/**
 * When each node happened, as days on the site: its own time, else that of the first work that went into it. Nodes without any stay out,
 * and are always shown.
 */
export function daysOf(trace: Trace, say: (node: TraceNode) => Said, dayOf: (at: string) => string): Map<string, string> {
  const days = new Map<string, string>();
  for (const node of trace.nodes) {
    const { at } = say(node);
    if (at) days.set(node.id, at.length > 10 ? dayOf(at) : at);
  }
  const into = grouped(trace.edges, (edge) => edge.target);
  for (const node of trace.nodes) {
    if (days.has(node.id)) continue;
    const first = (into.get(node.id) ?? []).flatMap((edge) => days.get(edge.source) ?? []).sort()[0];
    if (first) days.set(node.id, first);
  }
  return days;
}

const KINDS = ["lot", "step", "task", "test"] as const;
const SIGNALS = ["stopped", "expiring", "quarantined", "conditional", "released"] as const;

/** What there is to narrow to: only what some node has. */
export function choices(nodes: readonly TraceNode[], say: (node: TraceNode) => Said): { kinds: (typeof KINDS)[number][]; signals: (typeof SIGNALS)[number][]; materials: Named[] } {
  const kinds = new Set<string>(nodes.map((node) => node.kind));
  const said = nodes.map((node) => ({ node, ...say(node) }));
  const signals = new Set(said.map(({ signal }) => signal));
  const materials = new Map(said.flatMap(({ node, facets }) => (node.kind === "lot" && facets.what ? [[facets.what.key, facets.what] as const] : [])));
  return {
    kinds: KINDS.filter((one) => kinds.has(one)),
    signals: SIGNALS.filter((one) => signals.has(one)),
    materials: [...materials.values()],
  };
}

/** The nodes that fit, the starts always among them, and the ties between them. */
export function narrowed(trace: Trace, by: Narrowing, say: (node: TraceNode) => Said, days: ReadonlyMap<string, string>): Trace {
  if (!isNarrow(by)) return trace;
  const starts = new Set(trace.start);
  const fits = (node: TraceNode): boolean => {
    const said = say(node);
    const day = days.get(node.id);
    return (
      (by.kind === "" || node.kind === by.kind) &&
      (by.signal === "" || said.signal === by.signal) &&
      (by.certainty === "" || node.certain === (by.certainty === "certain")) &&
      // Material narrows the lots; the work and the building that they went into stay.
      (by.material === "" || node.kind !== "lot" || said.facets.what?.key === by.material) &&
      (day === undefined || ((by.from === "" || day >= by.from) && (by.until === "" || day <= by.until)))
    );
  };
  const nodes = trace.nodes.filter((node) => starts.has(node.id) || fits(node));
  const tied = tiesThrough(trace.edges, new Set(nodes.map((node) => node.id)));
  if (by.material === "") return { ...trace, nodes, edges: tied };
  // Work that this material did not reach has nothing to do with the question.
  const reached = reachedFrom(nodes.filter((node) => node.kind === "lot" || starts.has(node.id)).map((node) => node.id), tied);
  const kept = nodes.filter((node) => reached.has(node.id));
  return { ...trace, nodes: kept, edges: tied.filter((edge) => reached.has(edge.source) && reached.has(edge.target)) };
}

function reachedFrom(from: readonly string[], edges: readonly TraceEdge[]): Set<string> {
  const out = grouped(edges, (edge) => edge.source);
  const found = new Set(from);
  // A set grows while it is walked, so this reaches all of it.
  for (const id of found) for (const edge of out.get(id) ?? []) found.add(edge.target);
  return found;
}

/** Edges between kept nodes; a way through hidden ones becomes one tie without a quantity, certain if all of it is. */
function tiesThrough(edges: readonly TraceEdge[], kept: ReadonlySet<string>): TraceEdge[] {
  const out = grouped(edges, (edge) => edge.source);
  const direct = edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target));
  const known = new Set(direct.map((edge) => `${edge.source}→${edge.target}`));
  const through: TraceEdge[] = [];
  for (const source of kept) {
    const hidden = (out.get(source) ?? []).filter((edge) => !kept.has(edge.target));
    const seen = new Map<string, boolean>();
    const queue = hidden.map((edge) => ({ edge, certain: edge.certainty === "certain" }));
    // Certain ways are walked to their end first, so that a possible one beside them does not hide them.
    queue.sort((a, b) => Number(b.certain) - Number(a.certain));
    for (const { edge, certain } of queue) {
      const before = seen.get(edge.target);
      if (before === true || before === certain) continue;
      seen.set(edge.target, certain);
      if (!kept.has(edge.target)) {
        for (const next of out.get(edge.target) ?? []) queue.push({ edge: next, certain: certain && next.certainty === "certain" });
      }
    }
    for (const [target, certain] of seen) {
      if (!kept.has(target) || target === source || known.has(`${source}→${target}`)) continue;
      through.push({ ...hidden[0]!, source, target, source_quantity: null, target_quantity: null, certainty: certain ? "certain" : "possible" });
    }
  }
  return [...direct, ...through];
}
