/** What is written on the lines of a trace: how much of what, "0.8 t of 12 t", or the sum of several. Pure but for words. */
import type { LotRow, TraceEdge } from "../../../capture";
import { exact, text } from "../../../shared/decimal";
import { quantity } from "../../../shared/i18n/format";
import { tw } from "./words";

/** Exact sum of what left along these edges; null when one has none, or units differ. */
export function sumOf(edges: readonly TraceEdge[]): { quantity: string; unit: string } | null {
  const unit = edges[0]?.source_unit;
  if (!unit || edges.some((edge) => edge.source_unit !== unit)) return null;
  let sum = 0n;
  for (const edge of edges) {
    const one = exact(edge.source_quantity);
    if (one === null) return null;
    sum += one;
  }
  return { quantity: text(sum), unit };
}

/** Writes the label of one line; `word` says what an edge without quantity does. */
export function labeller(lots: ReadonlyMap<string, LotRow>, word: (edge: TraceEdge) => string): (edges: readonly TraceEdge[]) => string {
  return (edges) => {
    const sum = sumOf(edges);
    const first = edges[0]!;
    if (edges.length > 1) return sum ? tw().sum(quantity(sum.quantity, sum.unit), edges.length) : tw().times(edges.length);
    if (!sum) return first.kind === "build" ? "" : word(first);
    const from = lots.get(first.source);
    const part = quantity(sum.quantity, sum.unit);
    // All of a lot is no share of it.
    const isShare = from !== undefined && from.unit === sum.unit && exact(from.received) !== exact(sum.quantity);
    return isShare ? tw().part(part, quantity(from.received, from.unit)) : part;
  };
}
