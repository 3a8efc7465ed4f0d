/** Where a lot's quantity went, in exact decimals: used in steps, parts made from it, gone otherwise, on hand. */
import type { Decimal, LotRow, StepRow } from "../../../capture";
import { exact, text } from "../../../shared/decimal";

export interface Balance {
  received: Decimal;
  used: Decimal;
  parts: Decimal;
  other: Decimal;
  onHand: Decimal;
  gone: Decimal;
  /** By how much more was used than there was; null when nothing was. */
  overdrawn: Decimal | null;
  /** Parts of the bar, per cent, in the order used, parts, other, on hand. */
  shares: { used: number; parts: number; other: number; onHand: number };
}

/**
 * The server's `received` and `on_hand` are the truth; what lies between them is told apart by the steps and lots this
 * device knows, and what they do not explain is "otherwise" (returned, scrapped, sampled, another unit).
 */
export function balanceOf(lot: LotRow, steps: readonly StepRow[], children: readonly LotRow[]): Balance {
  const received = exact(lot.received) ?? 0n;
  const onHand = exact(lot.on_hand) ?? 0n;
  const gone = received - onHand;
  const standing = steps.filter((step) => step.status !== "superseded" && step.status !== "rejected");
  const used = sum(standing.flatMap((step) => step.lots).filter((use) => use.lot_id === lot.id && use.unit === lot.unit).map((use) => use.quantity));
  // What went into a mix or an assembly is a share of it that only the server's account tells: "otherwise" here.
  const own = children.filter((child) => child.parent_ids.length === 1 && child.kind !== "mix" && child.kind !== "assembly");
  const parts = sum(own.filter((child) => child.unit === lot.unit).map((child) => child.received));
  const told = used + parts;
  const other = gone > told ? gone - told : 0n;
  const whole = Number(text(received > gone ? received : gone)) || 1;
  const share = (part: bigint): number => (100 * Number(text(part < 0n ? 0n : part))) / whole;
  return {
    received: text(received),
    used: text(used),
    parts: text(parts),
    other: text(other),
    onHand: text(onHand),
    gone: text(gone),
    overdrawn: onHand < 0n ? text(-onHand) : null,
    shares: { used: share(used), parts: share(parts), other: share(other), onHand: share(onHand) },
  };
}

function sum(values: readonly Decimal[]): bigint {
  return values.reduce((total, value) => total + (exact(value) ?? 0n), 0n);
}
