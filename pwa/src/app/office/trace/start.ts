/** Where a trace may begin: the kinds, the things of each kind that this device knows, and what the address says. Pure. */
import type { TraceQuery, TraceStart } from "../../../capture";

export const START_KINDS = ["lot", "unit", "step", "task", "test", "certificate", "defect", "delivery", "equipment", "crew", "supplier", "period"] as const;
/** What a person chooses; a unit is a lot of one piece, and asked for as a lot. */
export type StartChoice = (typeof START_KINDS)[number];

export interface StartThing {
  /** Id of the thing, or the number of a delivery note. */
  id: string;
  title: string;
  note: string;
}

/** The first instant of a day where the site is; days are written yyyy-mm-dd. */
export function beginOf(day: string, timeZone: string | undefined, later = 0): string {
  const midnight = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000;
  // What the clocks of the site show at that instant, taken for UTC: the difference is their offset.
  const offset = Date.parse(`${inZone(midnight, timeZone)}Z`) - midnight;
  // The offset of the midnight itself, which on two nights of the year is another one.
  const again = Date.parse(`${inZone(midnight - offset, timeZone)}Z`) - (midnight - offset);
  return new Date(midnight - again).toISOString();
}

function inZone(at: number, timeZone: string | undefined): string {
  return new Date(at).toLocaleString("sv-SE", { timeZone: timeZone ?? "UTC" }).replace(" ", "T");
}

/** The start that an address names; null when it does not name a whole one. */
export function startOf(ask: (name: string) => string, timeZone: string | undefined): TraceStart | null {
  const kind = ask("kind") as TraceQuery["kind"] | "";
  if (!kind) return null;
  if (kind === "delivery") return ask("note") ? { kind, note: ask("note") } : null;
  if (kind === "period") {
    const [since, last] = [ask("since"), ask("last")];
    return since && last ? { kind, since: beginOf(since, timeZone), until: beginOf(last, timeZone, 1) } : null;
  }
  return ask("node") ? { kind, node: ask("node") } : null;
}

/** The address of a trace. */
export function addressOf(choice: StartChoice, id: string): string {
  if (choice === "delivery") return `/trace?kind=delivery&note=${encodeURIComponent(id)}`;
  return `/trace?kind=${choice === "unit" ? "lot" : choice}&node=${id}`;
}

export const periodAddress = (since: string, last: string): string => `/trace?kind=period&since=${since}&last=${last}`;

/** Those that hold every word that was typed, at most `most`. */
export function matching(things: readonly StartThing[], text: string, most: number): { shown: StartThing[]; all: number } {
  const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const hits = things.filter((one) => wanted.every((word) => `${one.title} ${one.note}`.toLocaleLowerCase().includes(word)));
  return { shown: hits.slice(0, most), all: hits.length };
}
