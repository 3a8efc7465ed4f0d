/**
 * One table from every finer state to one of the five signals. The word of a state is in the catalogue
 * (`status.<kind>.<state>`); a unit test checks that each entry has one in both languages.
 */

export type Signal = "released" | "conditional" | "quarantined" | "expiring" | "stopped";

export const SIGNALS = {
  lot: {
    announced: "quarantined",
    received: "quarantined",
    released: "released",
    conditional: "conditional",
    quarantined: "quarantined",
    expiring: "expiring",
    stopped: "stopped",
    exhausted: "quarantined",
  },
  step: {
    awaiting_files: "quarantined",
    submitted: "conditional",
    approved: "released",
    rejected: "stopped",
    more_asked: "expiring",
    superseded: "quarantined",
  },
  /** What My work says of a planned task or a point. */
  work: {
    not_started: "quarantined",
    under_way: "conditional",
    done: "released",
    late: "stopped",
    hold: "expiring",
  },
  defect: { open: "stopped", confirmed: "stopped", rectified: "conditional", closed: "released", rejected: "quarantined" },
  severity: { minor: "conditional", major: "expiring", critical: "stopped" },
  test: { pending: "conditional", pass: "released", fail: "stopped" },
  judgement: { pass: "released", warn: "expiring", open: "conditional", fail: "stopped" },
  file: { expected: "quarantined", verified: "released", refused: "stopped" },
  outbox: { waiting: "quarantined", sending: "conditional", sent: "released", "needs-attention": "stopped" },
  act: { applied: "released", deferred: "conditional", refused: "stopped" },
  member: { active: "released", waiting: "conditional", removed: "quarantined" },
  invite: { open: "quarantined", joined: "conditional", confirmed: "released", expired: "stopped" },
  decision: { approve: "released", reject: "stopped", ask: "expiring" },
} as const satisfies Record<string, Record<string, Signal>>;

export type StatusKind = keyof typeof SIGNALS;

/** The signal of a state; a state this version does not know is shown as waiting, never as good. */
export function signalOf(kind: StatusKind, state: string): Signal {
  const table: Record<string, Signal> = SIGNALS[kind];
  return table[state] ?? "quarantined";
}

/** Worst first: for the one sign that stands for several. */
const GRAVITY: Signal[] = ["stopped", "expiring", "quarantined", "conditional", "released"];

/** The gravest of several signals; released when there are none. */
export function gravest(signals: readonly Signal[]): Signal {
  return GRAVITY.find((signal) => signals.includes(signal)) ?? "released";
}
