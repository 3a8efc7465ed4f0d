/** The state of one step being logged, apart from its look: what is filled in, what is missing, what will be recorded. */
import type { Refused, StepBody, StepRow } from "../../capture";
import { isAsked, judgeField, limitsOf, stepFacts, type Doc, type Verdict } from "../../shared/judge";
import { conditionDefaults, type Definitions, type EvidenceDefinition, type FieldDefinition, type Plan, type PlanStep } from "../state/definitions";
import { repeated } from "./repeat";
import { isOf, shotsAgain, type Shot } from "./shots";

export type Answer = string | boolean | string[] | undefined;

export interface LotUse {
  lot: string;
  quantity: string;
  unit: string;
}

/** What a draft keeps of the words and figures. Photos have a draft of their own: they change seldom and are large. */
export interface LogDraft {
  lots: LotUse[];
  answers: Record<string, Answer>;
  designs: Record<string, string>;
  conditions: Record<string, string | boolean>;
  environment: Record<string, string | boolean>;
  crew: string;
  people: string[];
  equipment: string[];
  method: string;
  note: string;
}

export function emptyDraft(): LogDraft {
  return {
    lots: [],
    answers: {},
    designs: {},
    conditions: {},
    environment: {},
    crew: "",
    people: [],
    equipment: [],
    method: "",
    note: "",
  };
}

/** What a form can begin from: a record, or what a refused one said. */
type Began = Pick<StepRow, "crew_id" | "people" | "equipment_ids" | "method" | "note" | "lots" | "answers" | "environment">;

function said(body: StepBody): Began {
  const lots = body.lots.map(({ lot, quantity, unit }) => ({ lot_id: lot, quantity, unit }));
  const { people, equipment, answers, environment } = body;
  return { people, answers, environment, lots, crew_id: body.crew ?? null, equipment_ids: equipment, method: body.method ?? null, note: body.note ?? null };
}

/** Shown by the sections of their own and not among the checks. */
const ELSEWHERE: ReadonlySet<string> = new Set(["material_lots", "photo"]);
/** Conditions that the environment answers. */
const FROM_ENVIRONMENT: Record<string, string> = { air_temp_c: "air_temp" };

export class LogForm {
  readonly plan: Plan;
  readonly step: PlanStep;
  readonly definitions: Definitions;
  readonly defaults: Doc;
  draft = $state<LogDraft>(emptyDraft());
  /** Raw: a proxy around megabytes of photo would be copied at each look, and the database takes no proxies. */
  shots = $state.raw<Shot[]>([]);

  /** The use gate holds back a lot of this form, as this phone knows it. */
  held = $state(false);

  constructor(definitions: Definitions, plan: Plan, step: PlanStep) {
    this.definitions = definitions;
    this.plan = plan;
    this.step = step;
    this.defaults = conditionDefaults(definitions);
  }

  readonly facts = $derived.by(() => stepFacts({ ...this.draft.conditions, ...this.answersOnWire() }, this.draft.environment));

  get photos(): EvidenceDefinition[] {
    return this.step.evidence.filter((one) => one.kind === "photo" || one.kind === "document" || one.kind === "video");
  }
  /** Fields of the type photo, which are slots of their own. */
  get photoFields(): FieldDefinition[] {
    return this.step.fields.filter((field) => field.type === "photo" && isAsked(field, this.facts, this.defaults));
  }
  /** Fields that are asked under what is known now. */
  get fields(): FieldDefinition[] {
    return this.step.fields.filter((field) => !ELSEWHERE.has(field.type) && isAsked(field, this.facts, this.defaults));
  }
  get lotField(): FieldDefinition | undefined {
    return this.step.fields.find((field) => field.type === "material_lots");
  }
  get wantsLots(): boolean {
    return this.step.materials.length > 0 || this.lotField !== undefined;
  }
  /** Condition keys to ask for: those that neither the environment nor a field answers. */
  get conditions(): string[] {
    const environment = this.step.environment ?? [];
    const fields = this.step.fields.map((field) => field.id);
    return (this.step.conditions ?? []).filter((key) => {
      const from = FROM_ENVIRONMENT[key];
      const known = this.definitions.condition_keys[key];
      return known !== undefined && known.kind !== "field" && !fields.includes(key) && !(from && environment.includes(from));
    });
  }

  /** A deviation is measured against a design value that only the form can tell. */
  needsDesign(field: FieldDefinition): boolean {
    if (field.design_key || field.reading === "deviation") return false;
    return limitsOf(field).some((limit) => "deviation" in limit);
  }

  verdict(field: FieldDefinition): Verdict | null {
    const design = this.draft.designs[field.id] || undefined;
    return judgeField(field, this.draft.answers[field.id], this.facts, { design, defaults: this.defaults });
  }

  shotsOf(subject: string): number {
    return this.shots.filter((shot) => isOf(shot, subject)).length;
  }

  readonly missing = $derived.by(() => {
    const answered = (field: FieldDefinition): boolean => {
      const answer = this.draft.answers[field.id];
      return Array.isArray(answer) ? answer.some(Boolean) : answer !== undefined && answer !== "";
    };
    const required = this.fields.filter((field) => field.required);
    const photosNeeded = this.photos.reduce((sum, one) => sum + one.min, 0);
    const photosHave = this.photos.reduce((sum, one) => sum + Math.min(one.min, this.shotsOf(one.id)), 0);
    return {
      photosNeeded,
      photosHave,
      fieldsNeeded: required.length,
      fieldsHave: required.filter(answered).length,
      photos: photosHave < photosNeeded,
      fields: !required.every(answered),
      lots: this.wantsLots && this.draft.lots.length === 0,
      crew: !this.draft.crew && this.draft.people.length === 0,
    };
  });

  readonly failing = $derived.by(() => this.fields.filter((field) => this.verdict(field)?.verdict === "fail").length);

  /** Fills crew, people, equipment and method as in an earlier record. */
  sameAs(record: Began): void {
    this.draft.crew = record.crew_id ?? "";
    this.draft.people = [...record.people];
    this.draft.equipment = [...record.equipment_ids];
    this.draft.method = record.method ?? "";
  }

  /** Takes over what the same work at another element has in common with this one. */
  repeat(record: StepRow): void {
    const { answers, environment, ...rest } = repeated(this.step, record, this.definitions.environment_fields);
    Object.assign(this.draft, rest);
    Object.assign(this.draft.answers, answers);
    Object.assign(this.draft.environment, environment);
    for (const key of this.conditions) {
      const value = record.answers[key];
      if (typeof value === "boolean" || typeof value === "string") this.draft.conditions[key] = value;
    }
  }

  /** Takes over what a record held, so that a correction starts from it. Photos are taken anew. */
  startFrom(record: Began): void {
    this.sameAs(record);
    this.draft.note = record.note ?? "";
    this.draft.lots = record.lots.map(({ lot_id, quantity, unit }) => ({ lot: lot_id, quantity, unit }));
    for (const field of this.step.fields) {
      const answer = record.answers[field.id];
      if (answer === undefined || answer === null || ELSEWHERE.has(field.type)) continue;
      const isPair = typeof answer === "object" && !Array.isArray(answer);
      const value = isPair ? (answer as { value: unknown }).value : answer;
      this.draft.answers[field.id] = Array.isArray(value) ? value.map(String) : typeof value === "boolean" ? value : String(value);
      const design = isPair ? (answer as { design?: unknown }).design : undefined;
      if (typeof design === "string") this.draft.designs[field.id] = design;
    }
    for (const [key, value] of Object.entries(record.environment)) {
      if (typeof value === "boolean" || typeof value === "string") this.draft.environment[key] = value;
    }
    for (const key of this.conditions) {
      const value = record.answers[key];
      if (typeof value === "boolean" || typeof value === "string") this.draft.conditions[key] = value;
    }
  }

  /** Takes over all that a refused record said, its photos too: nobody types it twice, and the wall may be closed by now. */
  again(refused: Refused): void {
    this.startFrom(said(refused.payload.body as StepBody));
    this.shots = shotsAgain(refused, "photo");
  }

  /** The body of step:record. `photoFields` are hashes of the shots that answer fields of the type photo. */
  body(task: string, photoFields: Record<string, string[]>): StepBody {
    const { draft } = this;
    const started = this.draft.answers["start_at"];
    const ended = this.draft.answers["end_at"];
    return {
      task,
      kind: `${this.plan.id}.${this.step.id}`,
      definition: { key: this.plan.id, version: this.plan.version },
      people: [...draft.people],
      equipment: [...draft.equipment],
      lots: draft.lots.map(({ lot, quantity, unit }) => ({ lot, quantity, unit })),
      environment: filled(draft.environment),
      answers: { ...filled(draft.conditions), ...this.answersOnWire(), ...photoFields },
      ...(draft.crew ? { crew: draft.crew } : {}),
      ...(draft.method.trim() ? { method: draft.method.trim() } : {}),
      ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
      ...(typeof started === "string" && started ? { started_at: started } : {}),
      ...(typeof ended === "string" && ended ? { ended_at: ended } : {}),
    };
  }

  private answersOnWire(): Record<string, unknown> {
    const answers: Record<string, unknown> = {};
    for (const field of this.step.fields) {
      const answer = this.draft.answers[field.id];
      const value = Array.isArray(answer) ? answer.filter(Boolean) : answer;
      if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) continue;
      const design = this.draft.designs[field.id];
      answers[field.id] = design ? { value, design } : value;
    }
    if (this.lotField && this.draft.lots.length > 0) answers[this.lotField.id] = this.draft.lots.map((use) => use.lot);
    return answers;
  }
}

function filled(values: Record<string, string | boolean>): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
