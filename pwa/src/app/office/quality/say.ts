/** How figures of statistics are written. */
import { locale } from "../../../shared/i18n/index.svelte";

/** A probability: three figures that count, "< 0.0001" below that; never a percentage. */
export function probability(p: number): string {
  if (p < 0.0001) return "< 0.0001";
  return new Intl.NumberFormat(locale(), p < 0.001 ? { maximumFractionDigits: 5 } : { maximumSignificantDigits: 2 }).format(p);
}
