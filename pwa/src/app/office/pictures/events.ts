/** What happened to the nodes of a trace, each with its day: deliveries, tests, steps, approvals, defects. Pure but for words. */
import type { DefectRow, LotRow, StepRow, TestRow, Trace, TraceNode } from "../../../capture";
import { signalOf, type Signal } from "../../../shared/kit/status";
import { hrefOf } from "../lib/links";
import { instantOf } from "../lib/step";
import type { Said } from "../trace/model";

export const LANES = ["delivery", "test", "step", "decision", "defect"] as const;
export type Lane = (typeof LANES)[number];

export interface Happening {
  id: string;
  lane: Lane;
  /** The day on the site, `YYYY-MM-DD`. */
  day: string;
  title: string;
  note: string;
  signal: Signal;
  href: string;
  /** The node of the trace it belongs to. */
  node: string;
}

export interface Rows {
  lots: ReadonlyMap<string, LotRow>;
  steps: ReadonlyMap<string, StepRow>;
  tests: readonly TestRow[];
  defects: readonly DefectRow[];
}

/** Words that stand in the title of what happened. */
export interface EventWords {
  test: (row: TestRow) => string;
  decision: (decision: StepRow["decisions"][number]) => string;
  /** The day of an instant on the site. */
  dayOf: (at: string) => string;
}

export function happenings(trace: Trace, rows: Rows, say: (node: TraceNode) => Said, words: EventWords): Happening[] {
  const ids = new Set(trace.nodes.map((node) => node.id));
  const byId = new Map(trace.nodes.map((node) => [node.id, node]));
  const name = (id: string): string => (byId.has(id) ? say(byId.get(id)!).title : "");
  const found = trace.nodes.flatMap((node) => (node.kind === "lot" ? deliveries(node, rows, say, words) : node.kind === "step" ? work(node, rows, say, words) : []));
  for (const test of rows.tests) {
    const day = test.tested_on ?? test.sampled_on ?? test.due_on;
    if (!day || !(ids.has(test.lot_id) || ids.has(test.id))) continue;
    const signal = signalOf("test", test.result);
    found.push({ id: test.id, lane: "test", day, title: words.test(test), note: name(test.lot_id), signal, href: hrefOf("lot", test.lot_id), node: test.lot_id });
  }
  for (const defect of rows.defects) {
    const node = [defect.step_id, defect.task_id, ...defect.lot_ids].find((id) => id !== null && ids.has(id));
    const at = instantOf(defect.at);
    if (!node || !at) continue;
    const signal = signalOf("defect", defect.status);
    found.push({ id: defect.id, lane: "defect", day: words.dayOf(at), title: `${defect.code} ${defect.title}`, note: name(node), signal, href: hrefOf("defect", defect.id), node });
  }
  return found.sort((a, b) => a.day.localeCompare(b.day) || LANES.indexOf(a.lane) - LANES.indexOf(b.lane));
}

function deliveries(node: TraceNode, rows: Rows, say: (node: TraceNode) => Said, words: EventWords): Happening[] {
  const lot = rows.lots.get(node.id);
  const at = lot ? (lot.delivered_at ?? lot.received_at) : node.at;
  // What was split off on the site did not arrive there.
  if (!at || (lot && lot.parent_ids.length > 0)) return [];
  const { title, note, signal, href } = say(node);
  return [{ id: node.id, lane: "delivery", day: words.dayOf(at), title, note, signal: signal ?? "quarantined", href, node: node.id }];
}

function work(node: TraceNode, rows: Rows, say: (node: TraceNode) => Said, words: EventWords): Happening[] {
  const said = say(node);
  if (!said.at) return [];
  const { title, note, href } = said;
  const step: Happening = { id: node.id, lane: "step", day: words.dayOf(said.at), title, note, signal: said.signal ?? "quarantined", href, node: node.id };
  const decisions = (rows.steps.get(node.id)?.decisions ?? []).map<Happening>((decision) => ({
    id: decision.id,
    lane: "decision",
    day: words.dayOf(decision.at),
    title: words.decision(decision),
    note: [title, note].filter(Boolean).join(" · "),
    signal: signalOf("decision", decision.decision),
    href,
    node: node.id,
  }));
  return [step, ...decisions];
}

export interface Slot {
  lane: Lane;
  /** First and last day of the column. */
  from: string;
  until: string;
  /** Its place along the axis, 0 at the first day, 1 at the last. */
  at: number;
  events: Happening[];
}

/** Events that fall on one another: a column holds as many days as are needed for `columns` of them. */
export function slots(events: readonly Happening[], columns: number): Slot[] {
  const first = dayNumber(events[0]?.day ?? "");
  const days = dayNumber(events.at(-1)?.day ?? "") - first + 1;
  const each = Math.max(1, Math.ceil(days / Math.max(1, columns)));
  const found = new Map<string, Slot>();
  for (const event of events) {
    const column = Math.floor((dayNumber(event.day) - first) / each);
    const key = `${event.lane} ${column}`;
    const slot = found.get(key);
    if (slot) {
      slot.events.push(event);
      slot.until = event.day;
    } else {
      const middle = Math.min(column * each + (each - 1) / 2, days - 1);
      found.set(key, { lane: event.lane, from: event.day, until: event.day, at: days > 1 ? middle / (days - 1) : 0.5, events: [event] });
    }
  }
  return [...found.values()];
}

/** Round days along the axis, at most `most`, with their place. */
export function ticks(first: string, last: string, most: number): { day: string; at: number }[] {
  const from = dayNumber(first);
  const days = dayNumber(last) - from;
  if (!(days > 0)) return [{ day: first, at: 0.5 }];
  const each = [1, 2, 7, 14, 28, 91, 182, 365].find((step) => days / step <= most) ?? Math.ceil(days / most);
  return Array.from({ length: Math.floor(days / each) + 1 }, (_, n) => ({ day: dayText(from + n * each), at: (n * each) / days }));
}

const DAY_MS = 86_400_000;
const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
