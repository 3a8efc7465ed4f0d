/**
 * What this device claims about time: wall clock, offset, monotonic clock, and skew against the server.
 *
 * The wall clock may be set while nobody is asked, so each look holds it against the monotonic clock. A difference is a
 * clock that was set, and the skew follows it; only a wall clock that ran ahead while the page was hidden is taken for
 * sleep, in which the monotonic clock of most systems stands still.
 */
import type { ActTime } from "./types";

let skewMs: number | null = null;
let roundTripMs = Infinity;
/** By the monotonic clock, as `roundTripMs` would otherwise stand for days after the clock was set back. */
let measuredAt = 0;
/** Wall minus monotonic clock when they last agreed. */
let ahead: number | null = null;

/** A measurement older than this gives way to any new one, for clocks drift. */
const STALE_MS = 10 * 60_000;
/** Less than this is drift, or the two clocks not read at the same moment. */
const STEP_MS = 1500;

/** Follow a clock that was set. True when it was. */
function look(slept = false): boolean {
  const now = Date.now() - performance.now();
  const moved = ahead === null ? 0 : now - ahead;
  if (ahead !== null && Math.abs(moved) < STEP_MS) return false;
  ahead = now;
  if (moved === 0 || (slept && moved > 0)) return false;
  if (skewMs !== null) skewMs += Math.round(moved);
  roundTripMs = Infinity;
  return true;
}

/**
 * Take a server's time into account. `sentAt` and `gotAt` are this device's wall clock around the request.
 * The answer with the shortest way there and back is the best witness, so a slower one does not replace it soon.
 */
export function witnessServerTime(serverMs: number, sentAt: number, gotAt: number): void {
  const trip = gotAt - sentAt;
  // A clock that was set on the way says nothing about the way.
  if (look() || !Number.isFinite(serverMs) || trip < 0) return;
  if (trip > roundTripMs && performance.now() - measuredAt < STALE_MS) return;
  skewMs = Math.round((sentAt + gotAt) / 2 - serverMs);
  roundTripMs = trip;
  measuredAt = performance.now();
}

/** Milliseconds that this device's clock is ahead of the server's (behind: negative); null before any answer. */
export function clockSkewMs(): number | null {
  look();
  return skewMs;
}

/** The claim that goes into an act. */
export function actTime(now: Date = new Date()): ActTime {
  return {
    wall: now.toISOString(),
    offset_min: -now.getTimezoneOffset(),
    mono_ms: Math.round(performance.now()),
    skew_ms: clockSkewMs(),
  };
}

// The service worker has no page to hide.
(globalThis as Partial<typeof globalThis>).document?.addEventListener("visibilitychange", () => look(document.visibilityState === "visible"));
