/** Places the nodes of a graph in layers. The work is done in ELK's own worker; the page only waits. */
import ELK, { type ElkNode } from "elkjs/lib/elk-api.js";
import elkWorkerUrl from "elkjs/lib/elk-worker.min.js?url";
import { scriptUrl } from "./trusted";

export interface LayoutNode {
  id: string;
  /** CSS pixels. */
  width: number;
  height: number;
}

export interface LayoutEdge {
  id: string;
  source: string;
  target: string;
}

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  /** Upper left corners. */
  nodes: Map<string, Point>;
  /** Bends of each edge from source to target, both ends included. */
  edges: Map<string, Point[]>;
  width: number;
  height: number;
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "64",
  "elk.spacing.nodeNode": "24",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};

/** Layers from left to right, along the edges. Rejects with the signal's reason when it aborts first. */
export async function layoutGraph(signal: AbortSignal, nodes: LayoutNode[], edges: LayoutEdge[]): Promise<Layout> {
  signal.throwIfAborted();
  const elk = new ELK({ workerFactory: () => new Worker(scriptUrl(elkWorkerUrl)) });
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    const graph: ElkNode = {
      id: "root",
      layoutOptions: OPTIONS,
      children: nodes.map(({ id, width, height }) => ({ id, width, height })),
      edges: edges.map(({ id, source, target }) => ({ id, sources: [source], targets: [target] })),
    };
    return read(await Promise.race([elk.layout(graph), ended]));
  } finally {
    elk.terminateWorker();
  }
}

function read(root: ElkNode): Layout {
  const nodes = new Map((root.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]));
  const edges = new Map<string, Point[]>();
  for (const edge of root.edges ?? []) {
    const section = edge.sections?.[0];
    if (section) edges.set(edge.id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
  }
  return { nodes, edges, width: root.width ?? 0, height: root.height ?? 0 };
}
