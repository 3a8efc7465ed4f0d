/** A trace that is too large to read at once: groups inside groups, opened so far that there is room. Pure. */
import type { TraceNode } from "../../../capture";
import { grouped } from "../lib/grouped";
import type { Said } from "./model";

/** As many boxes as are drawn at once. */
export const MOST = 150;
/** Up to so many nodes all stand alone. */
export const FEW = 60;
/** So many boxes are drawn before anybody opens a group. */
const AT_FIRST = 40;
/** As many boxes as one group opens into: two open groups always fit beside what is drawn at first. */
const PAGE = 40;

/** What groups are made by. */
export const GROUPINGS = ["kind", "material", "supplier", "place"] as const;
export type Grouping = (typeof GROUPINGS)[number];
/** What a node can be put together by. */
export type Facet = "kind" | "what" | "supplier" | "place";
export interface Named {
  key: string;
  name: string;
}

export interface Branch {
  /** Keys of the groups around it and its own, "lot</rebar/…"; the node's id where it stands alone. */
  key: string;
  name: string;
  members: TraceNode[];
  /** Empty for a single node. */
  children: Branch[];
}

/** From coarse to fine; lots come by what is asked for first, work and building by theirs. */
const CHAINS: Record<Grouping, Partial<Record<TraceNode["kind"], Facet[]>> & { other: Facet[] }> = {
  kind: { lot: ["kind", "what", "supplier"], other: ["kind", "what", "place"] },
  material: { lot: ["what", "supplier"], other: ["kind", "what", "place"] },
  supplier: { lot: ["supplier", "what"], other: ["kind", "what", "place"] },
  place: { lot: ["kind", "what", "supplier"], step: ["place", "what"], other: ["place", "what"] },
};

/**
 * Groups of nodes. What comes before the start and what comes after it never stand in one group, or the lines of the
 * drawing would run back and forth through it. A level at which all are alike is left out.
 */
export function tree(nodes: readonly TraceNode[], say: (node: TraceNode) => Said, by: Grouping): Branch[] {
  const chain = (node: TraceNode): Named[] => {
    const { facets } = say(node);
    return (CHAINS[by][node.kind] ?? CHAINS[by].other).flatMap((name) => facets[name] ?? []);
  };
  const chains = new Map(nodes.map((node) => [node.id, chain(node)]));
  const side = (node: TraceNode): string => (node.depth < 0 ? "<" : node.depth > 0 ? ">" : "=");
  const tops = grouped(nodes, (node) => `${chains.get(node.id)?.[0]?.key ?? node.kind}${side(node)}`);
  const found = [...tops].map(([key, members]) => {
    const name = chains.get(members[0]!.id)?.[0]?.name ?? "";
    return branch({ key, name, members, children: [] }, 1, chains, say);
  });
  return paged("", found, "");
}

function branch(whole: Branch, level: number, chains: ReadonlyMap<string, Named[]>, say: (node: TraceNode) => Said): Branch {
  const { key, members } = whole;
  if (members.length === 1) return single(members[0]!, say);
  const deepest = Math.max(...members.map((node) => chains.get(node.id)!.length));
  let { name } = whole;
  for (let at = level; at < deepest; at++) {
    const parts = grouped(members, (node) => chains.get(node.id)![at]?.key ?? "");
    const named = (node: TraceNode): string => chains.get(node.id)![at]?.name ?? "";
    if (parts.size > 1) {
      const children = [...parts].map(([part, some]) =>
        branch({ key: `${key}/${part}`, name: named(some[0]!) || name, members: some, children: [] }, at + 1, chains, say),
      );
      return { ...whole, name, children: paged(key, children, name) };
    }
    // Everything here is of one material, say: then the box says which, and not only that it holds lots.
    name = at === 1 ? named(members[0]!) || name : [name, named(members[0]!)].filter(Boolean).join(" · ");
  }
  const alone = members.map((node) => single(node, say)).sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  return { ...whole, name, children: paged(key, alone, name) };
}

function single(node: TraceNode, say: (node: TraceNode) => Said): Branch {
  return { key: node.id, name: say(node).title, members: [node], children: [] };
}

/** More than a page of children become groups of a page each, named by their first and last. */
function paged(key: string, children: Branch[], name: string): Branch[] {
  if (children.length <= PAGE) return children;
  let size = PAGE;
  while (Math.ceil(children.length / size) > PAGE) size *= PAGE;
  return Array.from({ length: Math.ceil(children.length / size) }, (_, at) => {
    const some = children.slice(at * size, (at + 1) * size);
    if (some.length === 1) return some[0]!;
    const mine = `${key}/${at * size + 1}`;
    const [from, to] = [some[0]!.name, some.at(-1)!.name];
    const numbers = `${at * size + 1}–${at * size + some.length}`;
    const span = from === to ? [name, ...(name.endsWith(from) ? [] : [from]), numbers] : [name, `${from} – ${to}`];
    return { key: mine, name: span.filter(Boolean).join(" · "), members: some.flatMap((one) => one.members), children: paged(mine, some, name) };
  });
}

/** The boxes that are drawn when these groups are open, each with the key of the open group around it. */
export function boxes(branches: readonly Branch[], open: ReadonlySet<string>, within = ""): { branch: Branch; within: string }[] {
  return branches.flatMap((branch) =>
    branch.children.length > 0 && open.has(branch.key) ? boxes(branch.children, open, branch.key) : [{ branch, within }],
  );
}

/** Groups to open at first: the smallest, as long as no more than `room` boxes come of it. */
export function openAtFirst(branches: readonly Branch[], room: number): Set<string> {
  const open = new Set<string>();
  for (;;) {
    const shown = boxes(branches, open);
    const next = shown
      .map(({ branch }) => branch)
      .filter((branch) => branch.children.length > 0)
      .sort((a, b) => a.children.length - b.children.length)[0];
    if (!next || shown.length - 1 + next.children.length > Math.min(room, AT_FIRST)) return open;
    open.add(next.key);
  }
}

/** What is open when a person opened `chosen` (oldest first) and closed `shut`; the oldest close again for want of room. */
export function openNow(
  branches: readonly Branch[],
  first: ReadonlySet<string>,
  chosen: readonly string[],
  shut: ReadonlySet<string>,
  most: number,
): Set<string> {
  let open = new Set([...first].filter((key) => !shut.has(key)));
  for (const key of [...chosen].reverse()) {
    const more = new Set([...open, ...around(key)]);
    if (boxes(branches, more).length <= most) open = more;
  }
  return open;
}

/** The key and those of the groups around it. */
function around(key: string): string[] {
  const parts = key.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}
