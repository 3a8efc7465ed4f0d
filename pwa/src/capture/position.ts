/** Where this device is: the best fix of a watch, as the claim that goes into an act. */
import { writable, type Readable } from "../shared/store";
import type { Where } from "./types";

export interface PositionState {
  where: Where | null;
  /** Why there is none: refused by the person, no fix yet, or no such device. */
  reason: "denied" | "unavailable" | "searching" | null;
}

interface Fix {
  lat: number;
  lon: number;
  accuracy_m: number;
  /** Phone's wall clock of the fix. */
  at: number;
}

/** A fix older than this says little about where the hand is now; a new one replaces it whatever its accuracy. */
const FRESH_MS = 60_000;

let best: Fix | null = null;

/**
 * The position while somebody subscribes: the most accurate fix of the last minute. The watch starts with the first
 * subscriber and ends with the last, for it costs battery.
 */
export const position: Readable<PositionState> = (() => {
  const state = writable<PositionState>({ where: null, reason: "searching" }, () => {
    const geolocation = (globalThis.navigator as Partial<Navigator> | undefined)?.geolocation;
    if (!geolocation) {
      state.set({ where: null, reason: "unavailable" });
      return () => undefined;
    }
    const id = geolocation.watchPosition(
      (found) => {
        take(found);
        state.set({ where: currentWhere(), reason: null });
      },
      (error) => {
        if (!currentWhere()) state.set({ where: null, reason: error.code === 1 ? "denied" : "searching" });
      },
      { enableHighAccuracy: true, maximumAge: 10_000 },
    );
    return () => geolocation.clearWatch(id);
  });
  return state;
})();

function take(found: GeolocationPosition): void {
  const { latitude, longitude, accuracy } = found.coords;
  const fix = { lat: latitude, lon: longitude, accuracy_m: accuracy, at: found.timestamp };
  // A clock that was set back leaves fixes in the future; they are no fresher for that.
  if (!best || fix.accuracy_m <= best.accuracy_m || Math.abs(fix.at - best.at) > FRESH_MS) best = fix;
}

/** The best fix of the last `maxAgeMs` as a claim with seven decimals (about a centimetre), or null. */
export function currentWhere(maxAgeMs: number = 5 * FRESH_MS): Where | null {
  if (!best) return null;
  const age = Date.now() - best.at;
  if (Math.abs(age) > maxAgeMs) return null;
  return {
    lat: best.lat.toFixed(7),
    lon: best.lon.toFixed(7),
    accuracy_m: Math.min(best.accuracy_m, 9_999_999).toFixed(1),
    fix_age_ms: Math.max(0, Math.round(age)),
  };
}
