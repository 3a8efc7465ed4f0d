/** What this device claims about time: wall clock, offset, monotonic clock, and skew against the server. */
import type { ActTime } from "./types";

let skewMs: number | null = null;
let roundTripMs = Infinity;
let measuredAt = 0;

/** A measurement older than this gives way to any new one, for clocks are set and drift. */
const STALE_MS = 10 * 60_000;

/**
 * Take a server's time into account. `sentAt` and `gotAt` are this device's wall clock around the request.
 * The answer with the shortest way there and back is the best witness, so a slower one does not replace it soon.
 */
export function witnessServerTime(serverMs: number, sentAt: number, gotAt: number): void {
  const trip = gotAt - sentAt;
  if (!Number.isFinite(serverMs) || trip < 0) return;
  if (trip > roundTripMs && gotAt - measuredAt < STALE_MS) return;
  skewMs = Math.round((sentAt + gotAt) / 2 - serverMs);
  roundTripMs = trip;
  measuredAt = gotAt;
}

/** Milliseconds that this device's clock is ahead of the server's (behind: negative); null before any answer. */
export function clockSkewMs(): number | null {
  return skewMs;
}

/** The claim that goes into an act. */
export function actTime(now: Date = new Date()): ActTime {
  return {
    wall: now.toISOString(),
    offset_min: -now.getTimezoneOffset(),
    mono_ms: Math.round(performance.now()),
    skew_ms: skewMs,
  };
}
