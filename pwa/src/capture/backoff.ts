/** When to try again: longer each time, never the same moment for two phones, and never the last time. */

const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;

/** Milliseconds to wait after the `attempts`-th failure in a row (1 for the first). */
export function backoffMs(attempts: number, chance: number = Math.random()): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.round(full * (0.5 + chance / 2));
}
