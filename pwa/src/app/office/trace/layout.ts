/** Where the nodes and lines of a graph stand: the library's layered layout, left to right, worked out in a worker. */
import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import { scriptUrl } from "../../../shared/trusted";
import type { Drawn, DrawnEdge, DrawnNode } from "./model";

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  id: string;
  /** Corners from source to target. */
  points: { x: number; y: number }[];
  /** The middle of its label. */
  label: { x: number; y: number } | null;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Map<string, Box>;
  lines: Map<string, Line>;
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.layered.spacing.edgeNodeBetweenLayers": "16",
  "elk.spacing.nodeNode": "20",
  "elk.spacing.edgeNode": "16",
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
};

export const NODE_WIDTH = 200;
const LABEL_HEIGHT = 18;

let engine: Promise<ELK> | null = null;

/** The engine with its worker; started at the first graph and kept. */
function start(): Promise<ELK> {
  engine ??= (async () => {
    const [{ default: Elk }, { default: url }] = await Promise.all([
      import("elkjs/lib/elk-api.js"),
      import("../../../worker/elk-worker?worker&url"),
    ]);
    return new Elk({ workerFactory: () => new Worker(scriptUrl(url), { type: "module" }) });
  })();
  // A failed start (no line, an old worker) is tried again at the next graph.
  engine.catch(() => (engine = null));
  return engine;
}

/** Loads the engine while the answer is still on its way. A failure shows when something is placed. */
export function warm(): void {
  start().catch(() => undefined);
}

/** A line as the path of an SVG. */
export function pathOf(line: Line): string {
  return line.points.map((p, i) => `${i === 0 ? "M" : "L"}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join("");
}

/** The node that an arrow key leads to: left and right along the lines, up and down inside a layer. */
export function neighbour(layout: Layout, edges: readonly DrawnEdge[], id: string, key: string): string | undefined {
  const here = layout.boxes.get(id);
  if (!here) return undefined;
  const nearest = (boxes: readonly (Box | undefined)[]): string | undefined =>
    boxes
      .filter((box) => box !== undefined)
      .sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.id;
  if (key === "ArrowRight") return nearest(edges.filter((edge) => edge.source === id).map((edge) => layout.boxes.get(edge.target)));
  if (key === "ArrowLeft") return nearest(edges.filter((edge) => edge.target === id).map((edge) => layout.boxes.get(edge.source)));
  if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const way = key === "ArrowDown" ? 1 : -1;
  return nearest([...layout.boxes.values()].filter((box) => Math.abs(box.x - here.x) < 80 && (box.y - here.y) * way > 0));
}

/** Places a graph. Rejects when the worker cannot be loaded or the layout fails. */
export async function place(graph: Drawn): Promise<Layout> {
  const elk = await start();
  const placed = await elk.layout({
    id: "root",
    layoutOptions: OPTIONS,
    children: graph.nodes.map((node) => ({ id: node.id, width: NODE_WIDTH, height: heightOf(node) })),
    edges: graph.edges.map((edge) => ({
      id: edge.id,
      sources: [edge.source],
      targets: [edge.target],
      labels: edge.label ? [{ text: edge.label, width: widthOf(edge.label, 12) + 8, height: LABEL_HEIGHT }] : [],
    })),
  });
  return read(placed);
}

function read(placed: ElkNode): Layout {
  const boxes = (placed.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => ({ id, x, y, width, height }));
  const lines = (placed.edges ?? []).map(lineOf);
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    boxes: new Map(boxes.map((box) => [box.id, box])),
    lines: new Map(lines.map((line) => [line.id, line])),
  };
}

function lineOf(edge: ElkExtendedEdge): Line {
  const section = edge.sections?.[0];
  const label = edge.labels?.[0];
  return {
    id: edge.id,
    points: section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [],
    label: label ? { x: (label.x ?? 0) + (label.width ?? 0) / 2, y: (label.y ?? 0) + (label.height ?? 0) / 2 } : null,
  };
}

/** Pixels of a text at a size, near enough to give a box its height: Chinese is one em wide, Latin about half. */
export function widthOf(text: string, size: number): number {
  let ems = 0;
  for (const letter of text) ems += /[\u2E80-\uFFEF]/.test(letter) ? 1 : /[A-Z]/.test(letter) ? 0.68 : 0.56;
  return ems * size;
}

/** Tall enough for the whole name: nothing is cut off. */
export function heightOf(node: Pick<DrawnNode, "title" | "note" | "members" | "tally">): number {
  // A group says how many it holds behind its name.
  const title = node.members.length > 0 ? `${node.title} (${node.members.length})` : node.title;
  const note = node.note ? linesOf(node.note, 13).length * 18 : 0;
  return 20 + linesOf(title, 14.5).length * 20 + note + (node.tally.length > 0 ? Math.ceil(node.tally.length / 3) * 18 : 0);
}

/** How the browser breaks a text in a box, near enough: between words and between Chinese letters. */
export function linesOf(text: string, size: number, room = NODE_WIDTH - 56): string[] {
  const lines = [""];
  let used = 0;
  for (const [part] of text.matchAll(/[\u2E80-\uFFEF]|[^\s\u2E80-\uFFEF]+\s*|\s+/g)) {
    const width = widthOf(part, size);
    if (used > 0 && used + width > room) {
      lines.push("");
      used = 0;
    }
    lines[lines.length - 1] += part;
    used += width;
  }
  return lines;
}
