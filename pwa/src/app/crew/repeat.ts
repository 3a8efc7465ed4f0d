/** Repeating a record on the next element: what the two have in common, and nothing that must be seen or measured anew. */
import type { StepRow } from "../../capture";
import type { EnvironmentField, PlanStep } from "../state/definitions";
import type { Answer, LogDraft, LotUse } from "./logForm.svelte";

/** Choices and words stay the same from wall to wall; figures, times, places and photos do not. */
const COMMON: ReadonlySet<string> = new Set(["text", "boolean", "enum"]);

export type Repeated = Pick<LogDraft, "crew" | "people" | "equipment" | "method" | "lots" | "answers" | "environment">;

/** Lots come without their quantity, which is what this element took. */
export function repeated(step: PlanStep, record: StepRow, environment: Readonly<Record<string, EnvironmentField>>): Repeated {
  const answers: Record<string, Answer> = {};
  for (const field of step.fields) {
    const answer = record.answers[field.id];
    const isPlain = typeof answer === "string" || typeof answer === "boolean";
    if (COMMON.has(field.type) && isPlain) answers[field.id] = answer;
  }
  const around = Object.entries(record.environment).filter(
    (entry): entry is [string, string | boolean] => COMMON.has(environment[entry[0]]?.type ?? "") && typeof entry[1] !== "object",
  );
  return {
    crew: record.crew_id ?? "",
    people: [...record.people],
    equipment: [...record.equipment_ids],
    method: record.method ?? "",
    lots: record.lots.map(({ lot_id, unit }): LotUse => ({ lot: lot_id, quantity: "", unit })),
    answers,
    environment: Object.fromEntries(around),
  };
}
