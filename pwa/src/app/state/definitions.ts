/** The shapes of `/api/definitions` that screens read: plans with steps and fields, materials, tables of words. */
import type { Names } from "../../shared/i18n/index.svelte";
import type { GatedMaterial } from "../../shared/gate";
import type { Doc } from "../../shared/judge";

export interface FieldDefinition extends Doc {
  readonly id: string;
  readonly names: Names;
  readonly type:
    | "number"
    | "integer"
    | "series"
    | "text"
    | "boolean"
    | "enum"
    | "date"
    | "datetime"
    | "location"
    | "material_lots"
    | "photo";
  readonly unit?: string;
  readonly required: boolean;
  readonly options?: readonly { id: string; names: Names }[];
  readonly min_readings?: number;
  readonly design_key?: string;
  readonly reading?: "deviation";
}

/** A field of the surroundings: weather, air. */
export interface EnvironmentField extends Doc {
  readonly names: Names;
  readonly type: "enum" | "number" | "integer" | "boolean";
  readonly unit?: string;
  readonly options?: readonly { id: string; names: Names }[];
}

export interface EvidenceDefinition {
  /** `e1`, `e2` …: the subject in a file's role, `photo:e1`. */
  readonly id: string;
  readonly kind: "photo" | "video" | "document" | "certificate" | "measurement";
  readonly subject: Names;
  readonly min: number;
}

export interface PlanStep {
  readonly id: string;
  readonly order: number;
  readonly names: Names;
  readonly point: "H" | "W" | "R" | "S" | "P";
  readonly responsible: string;
  readonly verifiers: readonly { role: string; action: string }[];
  readonly evidence: readonly EvidenceDefinition[];
  readonly fields: readonly FieldDefinition[];
  readonly materials: readonly string[];
  readonly preconditions: readonly { kind: string; step?: string; template?: string; names?: Names }[];
  readonly environment?: readonly string[];
  /** Condition keys that the limits ask for and that are no fields of the step. */
  readonly conditions?: readonly string[];
}

export interface Plan {
  readonly id: string;
  readonly version: number;
  readonly names: Names;
  readonly steps: readonly PlanStep[];
}

export interface Material {
  readonly id: string;
  readonly category: string;
  readonly region: string;
  readonly names: Names;
  readonly aliases?: { zh: readonly string[]; en: readonly string[] };
  readonly grades?: readonly { id: string; names: Names; dimension?: string }[];
  readonly sizes?: { key: string; names: Names; unit?: string; values?: readonly (number | string)[] };
  readonly identity_keys?: readonly string[];
  readonly certificate?: { required_kind?: string };
  readonly proof?: GatedMaterial["proof"];
  readonly shelf_life?: GatedMaterial["shelf_life"];
  readonly units: readonly string[];
}

export interface ConditionKey {
  readonly names: Names;
  readonly kind: "number" | "enum" | "boolean" | "grade" | "field";
  readonly unit?: string;
  readonly values?: readonly (string | number)[];
  readonly from?: string;
  readonly default?: unknown;
}

export interface Definitions {
  readonly version: number;
  readonly materials: readonly Material[];
  readonly plans: readonly Plan[];
  readonly roles: Readonly<Record<string, Names>>;
  readonly point_kinds: Readonly<Record<string, { names?: Names; rule?: Names; blocks_next?: boolean }>>;
  readonly environment_fields: Readonly<Record<string, EnvironmentField>>;
  readonly condition_keys: Readonly<Record<string, ConditionKey>>;
  readonly proof_kinds?: Readonly<Record<string, Names>>;
  readonly certificate_kinds: Readonly<Record<string, { names: Names }>>;
  readonly precondition_kinds: Readonly<Record<string, Names>>;
}

/** A step kind as records name it (`concrete_pour.pouring`) → its plan and step; null when this phone lacks it. */
export function stepKind(definitions: Definitions | undefined, kind: string): { plan: Plan; step: PlanStep } | null {
  const [planId, stepId] = kind.split(".");
  const plan = definitions?.plans.find((one) => one.id === planId);
  const step = plan?.steps.find((one) => one.id === stepId);
  return plan && step ? { plan, step } : null;
}

/** Condition key → what counts when nobody stated anything. */
export function conditionDefaults(definitions: Definitions): Record<string, unknown> {
  const stated = Object.entries(definitions.condition_keys).filter(([, key]) => key.default !== undefined);
  return Object.fromEntries(stated.map(([name, key]) => [name, key.default]));
}
