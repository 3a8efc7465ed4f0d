/** What a step record says, in words: fields, answers, evidence, and the checks an approver makes. */
import type { FileRef, Judgement, LotRow, StepRow, TaskRow, EquipmentRow } from "../../../capture";
import { day, list, quantity } from "../../../shared/i18n/format";
import { called, t } from "../../../shared/i18n/index.svelte";
import { sourceText } from "../../../shared/i18n/sources";
import type { Signal } from "../../../shared/kit/status";
import { stepKind, type Definitions, type FieldDefinition } from "../../state/definitions";
import { o } from "../words";
import { distance } from "./sketch";
import { placeOf } from "./tree";

/** A record made by one of these people is not decided on by them. */
export function tookPart(step: StepRow, person_id: string | undefined): boolean {
  return person_id !== undefined && (step.recorded_by === person_id || step.people.includes(person_id));
}

export function fieldOf(definitions: Definitions | undefined, step: StepRow, id: string): FieldDefinition | undefined {
  return stepKind(definitions, step.kind)?.step.fields.find((field) => field.id === id);
}

/** What an answer is called: the field of the form, else the condition that the limits ask for. */
export function answerName(definitions: Definitions | undefined, step: StepRow, id: string): string {
  return called(fieldOf(definitions, step, id)?.names) || called(definitions?.condition_keys[id]?.names) || id;
}

/** What a photo shows: its subject in the plan, else the word for a photo. */
export function subjectOf(definitions: Definitions | undefined, kind: string, file: FileRef): string {
  const [role = "", subject] = file.role.split(":");
  const needed = stepKind(definitions, kind)?.step.evidence.find((one) => one.id === subject);
  if (needed) return called(needed.subject);
  const field = stepKind(definitions, kind)?.step.fields.find((one) => one.id === subject);
  if (field) return called(field.names);
  return role === "certificate" ? o().certificate.title : (subject ?? t().kit.photo);
}

interface Measured {
  value: unknown;
  design?: unknown;
}

function isMeasured(answer: unknown): answer is Measured {
  return typeof answer === "object" && answer !== null && !Array.isArray(answer) && "value" in answer;
}

/** One answer as a person reads it, with its unit; "—" when it was left open. */
export function answerText(field: Partial<FieldDefinition> | undefined, answer: unknown): string {
  if (answer === null || answer === undefined || answer === "") return "—";
  if (isMeasured(answer)) {
    const value = answerText(field, answer.value);
    const { design } = answer;
    return design === null || design === undefined ? value : list([value, o().checks.design(answerText(field, design))]);
  }
  if (Array.isArray(answer)) return list(answer.map((one) => answerText(field, one)));
  if (typeof answer === "boolean") return answer ? t().kit.yes : t().kit.no;
  if (typeof answer !== "string" && typeof answer !== "number") return JSON.stringify(answer);
  const option = field?.options?.find((one) => one.id === answer);
  if (option) return called(option.names);
  if (field?.type === "date") return day(String(answer));
  return quantity(answer, field?.unit);
}

export interface Check {
  id: string;
  /** Null where there is nothing to judge. */
  signal: Signal | null;
  name: string;
  value: string;
  note?: string | undefined;
  href?: string | undefined;
  /** Told by the phone, not proved. */
  claimed?: boolean;
}

const FAR_M = 50;
const CLOCK_MS = 10 * 60_000;
const VERDICTS: Record<Judgement["verdict"], Signal> = { pass: "released", warn: "expiring", open: "conditional", fail: "stopped" };

/** Metres between fix and task: the server's word, or reckoned here while it has not spoken. */
export function metresApart(step: StepRow, tasks: ReadonlyMap<string, TaskRow>): number | null {
  if (step.distance_m !== null) return Number(step.distance_m);
  const place = placeOf(tasks, step.task_id);
  if (!place || !step.where) return null;
  return distance([Number(place[0]), Number(place[1])], [Number(step.where.lat), Number(step.where.lon)]);
}

export function distanceCheck(step: StepRow, tasks: ReadonlyMap<string, TaskRow>): Check {
  const words = o().checks;
  const base = { id: "distance", name: words.distance, claimed: true };
  if (!step.where) return { ...base, signal: "conditional", value: words.noFix };
  const accuracy = words.accuracy(String(Math.round(Number(step.where.accuracy_m))));
  const apart = metresApart(step, tasks);
  if (apart === null) return { ...base, signal: "conditional", value: words.noPlace, note: accuracy };
  const near = apart - Number(step.where.accuracy_m) <= FAR_M;
  return { ...base, signal: near ? "released" : "expiring", value: words.metres(String(Math.round(apart))), note: accuracy };
}

/** A span of time in its largest fitting unit. */
export function span(ms: number): string {
  const words = o().checks;
  const size = Math.abs(ms);
  if (size < 1_000) return words.clockSame;
  if (size < 120_000) return words.seconds(Math.round(size / 1_000));
  if (size < 7_200_000) return words.minutes(Math.round(size / 60_000));
  if (size < 172_800_000) return words.hours(Math.round(size / 3_600_000));
  return words.days(Math.round(size / 86_400_000));
}

export function clockCheck(step: StepRow): Check {
  const words = o().checks;
  const { skew_ms } = step.at;
  const off = step.flags.includes("clock-off") || (skew_ms !== null && Math.abs(skew_ms) > CLOCK_MS);
  return {
    id: "clock",
    name: words.clock,
    claimed: true,
    signal: off ? "expiring" : skew_ms === null ? "conditional" : "released",
    value: skew_ms === null ? words.clockUnknown : words.clockOff(span(skew_ms)),
  };
}

export function captureCheck(step: StepRow): Check {
  const words = o().checks;
  const counts = new Map<FileRef["capture"], number>();
  for (const file of step.files) counts.set(file.capture, (counts.get(file.capture) ?? 0) + 1);
  const value = list([...counts].map(([kind, n]) => words.captureCount(n, o().photos.capture[kind])));
  const base = { id: "capture", name: words.capture, claimed: true };
  if (counts.size === 0) return { ...base, signal: "conditional", value: words.noPhotos };
  const others = [...counts.keys()].some((kind) => kind !== "camera" && kind !== "document");
  return { ...base, signal: others ? "conditional" : "released", value };
}

export function lotChecks(step: StepRow, lots: ReadonlyMap<string, LotRow>, name: (lot: LotRow) => string): (Check & { status?: string })[] {
  return step.lots.map((use) => {
    const lot = lots.get(use.lot_id);
    return {
      id: use.lot_id,
      signal: null,
      name: lot ? name(lot) : o().checks.lotUnknown,
      value: quantity(use.quantity, use.unit),
      href: `/materials/${use.lot_id}`,
      ...(lot ? { status: lot.status } : {}),
    };
  });
}

/** Each judged answer with verdict, limit, source and how sure the source is. */
export function measuredChecks(definitions: Definitions | undefined, step: StepRow): Check[] {
  const words = o().checks;
  return step.judgements.map((judgement) => {
    const field = fieldOf(definitions, step, judgement.field);
    const sure = judgement.confidence as keyof typeof words.confidence | null;
    const bound = called(judgement.bound);
    const notes = [
      bound && words.limit(bound),
      judgement.source && words.source(sourceText(judgement.source)),
      sure && judgement.source && words.confidence[sure],
    ];
    return {
      id: judgement.field,
      signal: VERDICTS[judgement.verdict],
      name: called(field?.names) || judgement.field,
      value: answerText(field, step.answers[judgement.field]),
      note: notes.filter(Boolean).join(" · "),
      claimed: true,
    };
  });
}

export function missingChecks(step: StepRow): Check[] {
  const words = o().checks;
  return step.missing.map((one, at) => ({
    id: `${one.kind}:${one.subject ?? at}`,
    signal: "stopped",
    name: called(one.names) || one.kind,
    value: words.missingLine(one.have, one.needed),
  }));
}

export function flagText(flag: string): string {
  return (o().flags as Record<string, string>)[flag] ?? flag;
}

/** Equipment with the end of its calibration, held against the day of the step. */
export function equipmentChecks(step: StepRow, equipment: ReadonlyMap<string, EquipmentRow>, name: (id: string) => string): Check[] {
  const words = o().checks;
  const on = step.at.wall.slice(0, 10);
  return step.equipment_ids.map((id) => {
    const due = equipment.get(id)?.calibration_due_on ?? null;
    const expired = due !== null && due < on;
    return {
      id,
      signal: due === null ? null : expired ? "stopped" : "released",
      name: name(id),
      value: due === null ? words.noDue : expired ? words.expiredOn(day(due)) : words.validTo(day(due)),
      href: `/people?tab=equipment&at=${id}`,
    };
  });
}

/** How many checks speak against approval: limits not met, evidence missing, flags. */
export function against(step: StepRow): number {
  return step.judgements.filter((one) => one.verdict === "fail").length + step.missing.length + step.flags.length;
}

/** An instant of a row: some rows tell it plainly, some with the phone's clock around it. */
export function instantOf(at: unknown): string | null {
  if (typeof at === "string") return at;
  if (typeof at === "object" && at !== null && "wall" in at && typeof at.wall === "string") return at.wall;
  return null;
}
