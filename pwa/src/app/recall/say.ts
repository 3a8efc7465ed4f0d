/** Recall items in words: what, where, why. */
import type { LotRow, RecallItemRow, RecallSum, TaskRow } from "../../capture";
import { list, quantity } from "../../shared/i18n/format";
import { called } from "../../shared/i18n/index.svelte";
import { directory } from "../state/directory.svelte";
import { lotLabel, taskName } from "../state/words";
import { rw } from "./words";

export interface Known {
  lots: ReadonlyMap<string, LotRow>;
  tasks: ReadonlyMap<string, TaskRow>;
}

const PLACES = "places";

/** "1.5 m³", "3 places". */
export function amount(value: string, unit: string): string {
  return unit === PLACES ? rw().places(value) : quantity(value, unit);
}

/** What the item is: its lot, or the element of a step that is in scope itself. */
export function what(item: RecallItemRow, known: Known): string {
  const lot = item.lot_id ? known.lots.get(item.lot_id) : undefined;
  if (lot) return lotLabel(lot);
  return taskName(item.task_id ? known.tasks.get(item.task_id) : undefined) || rw().title;
}

/** Where it is now, or what it went into. */
export function where(item: RecallItemRow, known: Known): string {
  const task = item.task_id ? known.tasks.get(item.task_id) : undefined;
  if (task) return rw().builtIn(`${task.code} ${taskName(task)}`);
  if (item.kind !== "stock") return rw().why[item.column ?? "used"] ?? "";
  const lot = item.lot_id ? known.lots.get(item.lot_id) : undefined;
  const crew = lot?.crew_id ?? item.crew_id;
  if (crew) return rw().atCrew(directory.crew(crew));
  const place = lot?.place_id ?? item.place_id;
  return place ? rw().atPlace(directory.place(place)) : "";
}

/** Why it is in scope, in one line. */
export function why(item: RecallItemRow, known: Known): string {
  const via = item.via_id ? known.lots.get(item.via_id) : undefined;
  const word = rw().why[item.via_kind] ?? item.via_kind;
  const late = item.is_late && item.kind === "used" ? rw().lateMark : "";
  return list([late, word, via && via.id !== item.lot_id ? rw().from(lotLabel(via)) : "", item.is_certain ? "" : rw().possible]);
}

/** The material of a sum. */
export function materialOf(sum: RecallSum): string {
  return sum.material ? called(sum.material_names) || sum.material : "";
}

/** "2 h 5 min". */
export function duration(minutes: number): string {
  if (minutes < 60) return rw().minutes(minutes);
  if (minutes < 1440) return rw().hours(Math.floor(minutes / 60), minutes % 60);
  return rw().days(Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60));
}
