/** The five signs of status as one path each in a square of 16, for drawings; the kit's Shape draws the same. */
import type { Signal } from "../../../shared/kit/status";

export const SIGNS: Record<Signal, string> = {
  released: "M1 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0z",
  // A disc whose right half is cut out; drawn with the even-odd rule.
  conditional: "M1 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0zM8 3a5 5 0 0 1 0 10z",
  quarantined: "M1.5 1.5h13v13h-13z",
  expiring: "M8 1.2L15.4 14.6H.6z",
  stopped: "M3.3 1.2L8 5.9l4.7-4.7 2.1 2.1L10.1 8l4.7 4.7-2.1 2.1L8 10.1l-4.7 4.7-2.1-2.1L5.9 8 1.2 3.3z",
};
