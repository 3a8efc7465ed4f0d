/** Rules of recall items that screens share. Pure. */
import type { RecallItemRow, RecallRow, RecallSum } from "../../capture";
import { exact, text } from "../../shared/decimal";

/** What is left of an item to account for, as a decimal string. */
export function leftOf(item: Pick<RecallItemRow, "quantity" | "disposed">): string {
  return text((exact(item.quantity) ?? 0n) - (exact(item.disposed) ?? 0n));
}

/** Whether something of the item is still to be said. */
export function isOpen(item: Pick<RecallItemRow, "quantity" | "disposed">): boolean {
  return (exact(item.quantity) ?? 0n) > (exact(item.disposed) ?? 0n);
}

/** Items as one reads them: late uses first, then what is built in, then stock, the larger first. */
export function inOrder(items: readonly RecallItemRow[]): RecallItemRow[] {
  const rank = (item: RecallItemRow): number => (item.is_late && item.kind === "used" ? 0 : item.kind === "stock" ? 2 : 1);
  const size = (item: RecallItemRow): bigint => exact(item.quantity) ?? 0n;
  return [...items].sort((a, b) => rank(a) - rank(b) || (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : a.id < b.id ? -1 : 1));
}

/** Shares of the bar in parts of 1,000: accounted for, and open. More found than came in fills it. */
export function filled(sum: Pick<RecallSum, "received" | "accounted">): { done: number; open: number } {
  const all = exact(sum.received) ?? 0n;
  if (all <= 0n) return { done: 1000, open: 0 };
  const part = Number(((exact(sum.accounted) ?? 0n) * 1000n) / all);
  const done = Math.max(0, Math.min(1000, part));
  return { done, open: 1000 - done };
}

/** The sums as they stand on this phone: what was recorded here and not yet sent counts too. */
export function sumsOf(recall: RecallRow, items: readonly RecallItemRow[]): RecallSum[] {
  return recall.balance.map((sum) => {
    const mine = items.filter((item) => item.material === sum.material && item.unit === sum.unit);
    const accounted = mine.reduce((all, item) => all + (exact(item.disposed) ?? 0n), 0n);
    const open = (exact(sum.received) ?? 0n) - accounted;
    return { ...sum, accounted: text(accounted), open: text(open), open_items: mine.filter(isOpen).length };
  });
}

/** How long a recall took or takes, in whole minutes. */
export function minutesOf(recall: Pick<RecallRow, "opened_at" | "closed_at">, now: number): number {
  const from = Date.parse(recall.opened_at ?? "");
  const to = recall.closed_at ? Date.parse(recall.closed_at) : now;
  return Number.isNaN(from) ? 0 : Math.max(0, Math.floor((to - from) / 60_000));
}
