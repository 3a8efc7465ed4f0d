/** Waiting between tries: it grows, it ends at five minutes, and two phones never wait the same. */
import { expect, test } from "vitest";
import { backoffMs } from "../../src/capture/backoff";

const ATTEMPTS = Array.from({ length: 40 }, (_, at) => at + 1);

test("each failure in a row makes the wait longer, up to five minutes and no further", () => {
  const longest = ATTEMPTS.map((attempts) => backoffMs(attempts, 1));
  expect(longest.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  for (const [at, ms] of longest.entries()) expect(ms).toBe(Math.min(300_000, 2_000 * 2 ** at));
  expect(backoffMs(100_000, 1)).toBe(300_000);
});

test("chance takes up to half of it away, so that a site's phones do not come back in step", () => {
  for (const attempts of ATTEMPTS) expect(backoffMs(attempts, 0)).toBe(backoffMs(attempts, 1) / 2);
  const drawn = new Set(Array.from({ length: 50 }, () => backoffMs(30)));
  expect(drawn.size).toBeGreaterThan(40);
  for (const ms of drawn) {
    expect(ms).toBeGreaterThanOrEqual(150_000);
    expect(ms).toBeLessThanOrEqual(300_000);
  }
});
