/** The tree of tasks as a list of lines, with sums from below. Pure, for 20,000 nodes. */
import type { TaskRow } from "../../../capture";

export interface Sums {
  total: number;
  approved: number;
  defects: number;
}

export interface Line {
  task: TaskRow;
  /** 1 at the root, as `aria-level` counts. */
  depth: number;
  children: number;
  open: boolean;
  sums: Sums;
}

export interface Tree {
  byId: ReadonlyMap<string, TaskRow>;
  /** Children of a node in their order; the roots under "". */
  under: ReadonlyMap<string, readonly TaskRow[]>;
  sums: ReadonlyMap<string, Sums>;
}

const NOTHING: Sums = { total: 0, approved: 0, defects: 0 };

/** Builds the tree of nodes that come with siblings in their order. A node whose parent is unknown is a root. */
export function treeOf(tasks: readonly TaskRow[]): Tree {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const under = new Map<string, TaskRow[]>();
  for (const task of tasks) {
    const parent = task.parent_id && byId.has(task.parent_id) ? task.parent_id : "";
    const siblings = under.get(parent);
    if (siblings) siblings.push(task);
    else under.set(parent, [task]);
  }
  return { byId, under, sums: sumsOf(under) };
}

function sumsOf(under: ReadonlyMap<string, readonly TaskRow[]>): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  // Parents before children in `order`, so that walking it backwards meets every child before its parent.
  const order = [...(under.get("") ?? [])];
  for (let at = 0; at < order.length; at++) order.push(...(under.get(order[at]!.id) ?? []));
  for (const task of order.reverse()) {
    const own = { total: task.steps_total, approved: task.steps_approved, defects: task.defects_open };
    const below = (under.get(task.id) ?? []).map((child) => sums.get(child.id) ?? NOTHING);
    sums.set(task.id, below.reduce(plus, own));
  }
  return sums;
}

function plus(a: Sums, b: Sums): Sums {
  return { total: a.total + b.total, approved: a.approved + b.approved, defects: a.defects + b.defects };
}

/** The lines on show: children of open nodes, and with a filter only what fits it, with the way down to it. */
export function linesOf(tree: Tree, open: ReadonlySet<string>, fits: ((task: TaskRow) => boolean) | null): Line[] {
  const shown = fits && wayTo(tree, fits);
  const lines: Line[] = [];
  const walk = (parent: string, depth: number): void => {
    for (const task of tree.under.get(parent) ?? []) {
      if (shown && !shown.has(task.id)) continue;
      const below = tree.under.get(task.id)?.filter((child) => !shown || shown.has(child.id)).length ?? 0;
      const isOpen = below > 0 && (shown !== null || open.has(task.id));
      lines.push({ task, depth, children: below, open: isOpen, sums: tree.sums.get(task.id) ?? NOTHING });
      if (isOpen) walk(task.id, depth + 1);
    }
  };
  walk("", 1);
  return lines;
}

/** All nodes that fit, and everything above them. */
function wayTo(tree: Tree, fits: (task: TaskRow) => boolean): Set<string> {
  const way = new Set<string>();
  for (const task of tree.byId.values()) {
    if (!fits(task)) continue;
    for (let at: TaskRow | undefined = task; at && !way.has(at.id); at = tree.byId.get(at.parent_id ?? "")) way.add(at.id);
  }
  return way;
}

/** From the root to the node. */
export function pathTo(tree: Tree, id: string): TaskRow[] {
  const path: TaskRow[] = [];
  for (let at = tree.byId.get(id); at && path.length < 32; at = tree.byId.get(at.parent_id ?? "")) path.unshift(at);
  return path;
}

/** The place of a task, or of the nearest node above that has one. */
export function placeOf(byId: ReadonlyMap<string, TaskRow>, id: string): [string, string] | null {
  let at = byId.get(id);
  for (let steps = 0; at && steps < 32; steps++) {
    if (at.lat !== null && at.lon !== null) return [at.lat, at.lon];
    at = byId.get(at.parent_id ?? "");
  }
  return null;
}
