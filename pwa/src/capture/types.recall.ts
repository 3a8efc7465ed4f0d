/** Recalls and nonconformances as they travel: rows of the feed, bodies of acts, answers of the API. */
import type { Day, Decimal, FileRef, Instant, Names, Uuid } from "./types";

export type RecallBasis = "lot" | "supplier" | "heat" | "certificate" | "period" | "equipment" | "crew";
export type Disposition = "in_stock" | "quarantined" | "returned" | "removed" | "accepted" | "not_found";

/** What a recall is on. */
export interface RecallAbout {
  kind: RecallBasis;
  things?: Uuid[];
  heat?: string;
  manufacturer?: string;
  material?: string;
  since?: Day;
  until?: Day;
}

/** One material in one unit; received = accounted + open, exactly. `material` is empty for places to look at. */
export interface RecallSum {
  material: string;
  material_names: Names | null;
  unit: string;
  received: Decimal;
  accounted: Decimal;
  open: Decimal;
  items: number;
  open_items: number;
}

export interface RecallRow {
  id: Uuid;
  code: string;
  is_drill: boolean;
  basis: RecallBasis;
  about: Omit<RecallAbout, "kind">;
  reason: string;
  test_id: Uuid | null;
  status: "open" | "closed";
  /** Every holder and place has its item; a large scope is listed in parts. */
  is_whole: boolean;
  nodes: number;
  lots_stopped: number;
  lots_without: number;
  elements: number;
  elements_without: number;
  opened_by: Uuid;
  opened_at: Instant | null;
  closed_by: Uuid | null;
  closed_at: Instant | null;
  close_note: string | null;
  difference: string | null;
  balance: RecallSum[];
  acknowledged: { person_id: Uuid; device_id: Uuid; at: Instant }[];
  act_id: Uuid;
}

export interface DispositionRow {
  id: Uuid;
  disposition: Disposition;
  quantity: Decimal;
  note: string | null;
  by: Uuid;
  at: Instant;
  act_id: Uuid;
  files: FileRef[];
}

/** A quantity somewhere, and why it is in scope. */
export interface RecallItemRow {
  id: Uuid;
  recall_id: Uuid;
  kind: "stock" | "used" | "made" | "gone" | "work";
  lot_id: Uuid | null;
  step_id: Uuid | null;
  task_id: Uuid | null;
  material: string;
  unit: string;
  quantity: Decimal;
  disposed: Decimal;
  column: string | null;
  place_id: Uuid | null;
  crew_id: Uuid | null;
  via_id: Uuid | null;
  via_kind: string;
  is_certain: boolean;
  is_late: boolean;
  dispositions: DispositionRow[];
}

export interface RecallBodies {
  "recall:open": RecallAbout & { reason: string; drill?: boolean; test?: Uuid };
  "recall:acknowledge": Record<never, never>;
  "recall:dispose": { item: Uuid; disposition: Disposition; quantity?: Decimal; note?: string };
  "recall:close": { difference?: string; note?: string };
}

export interface RecallPreview {
  starts: number;
  nodes: number;
  narrow: { lots: number; lots_without: number; elements: number; elements_without: number };
  quantities: { material: string; unit: string; on_hand: Decimal }[];
  already: string[];
}

export interface RecallPerson {
  person_id: Uuid;
  display_name: string;
  organization_id: Uuid | null;
  roles: string[];
  is_holder: boolean;
  acknowledged_at: Instant | null;
  devices: { device_id: Uuid; label: string; last_contact_at: Instant | null; acknowledged_at: Instant | null }[];
}

export interface ElsewhereLot {
  project_id: Uuid;
  project_name: string;
  project_name_en: string | null;
  lot_id: Uuid;
  code: string;
  heat_no: string;
  manufacturer: string | null;
  status: string;
  on_hand: Decimal;
  unit: string;
}

// ---- Nonconformances -------------------------------------------------------------------------------

export type PartyKind = "organization" | "crew" | "equipment";
export type FactorKey = "people" | "machine" | "material" | "method" | "environment" | "measurement";
export type ActionKind = "containment" | "correction" | "corrective" | "preventive";
export type EntryKind = "confirm" | "dismiss" | "assign" | "answer" | "cause" | "reinspect" | "close";

/** A point of a drawing (shares from the upper left) or of the map. */
export interface Pin {
  file?: string;
  x?: Decimal;
  y?: Decimal;
  lat?: Decimal;
  lon?: Decimal;
}

export interface NcrActionRow {
  id: Uuid;
  kind: ActionKind;
  what: string;
  owner_id: Uuid;
  due_on: Day;
  status: "open" | "done" | "effective";
  done_by: Uuid | null;
  done_at: Instant | null;
  done_note: string | null;
  checked_by: Uuid | null;
  checked_at: Instant | null;
  check_note: string | null;
  proof: FileRef[];
  act_id: Uuid;
}

export interface NcrEntryRow {
  id: Uuid;
  kind: EntryKind;
  said: Record<string, unknown>;
  by: Uuid;
  at: Instant;
  files: FileRef[];
}

/** What a defect has beyond its raising. */
export interface DefectLife {
  kind: string | null;
  pin: Pin | null;
  repeats: Uuid[];
  ncr_code: string | null;
  requirement: string | null;
  party_kind: PartyKind | null;
  party_id: Uuid | null;
  party_act_id: Uuid | null;
  reinspection: "pass" | "fail" | null;
  closed_by: Uuid | null;
  closed_at: Instant | null;
  lat: Decimal | null;
  lon: Decimal | null;
  actions: NcrActionRow[];
  entries: NcrEntryRow[];
}

export interface NcrBodies {
  "defect:confirm": { requirement?: string; severity?: "minor" | "major" | "critical" };
  "defect:dismiss": { reason: string };
  "ncr:assign": { party: { kind: PartyKind; id: Uuid }; reason: string };
  "ncr:answer": { agrees: boolean; text: string };
  "ncr:cause": { whys: string[]; factors: Partial<Record<FactorKey, string[]>> };
  "ncr:act": { defect: Uuid; kind: ActionKind; what: string; owner: Uuid; due_on: Day };
  "ncr:done": { note?: string };
  "ncr:check": { effective: boolean; note?: string };
  "ncr:reinspect": { result: "pass" | "fail"; note?: string };
  "ncr:cost": { defect: Uuid; what: string; amount: Decimal; currency: string };
  "ncr:close": { note?: string };
}

export interface Party {
  kind: PartyKind;
  id: Uuid;
  name: string;
  name_en: string | null;
  facts: { kind: "lot" | "step" | "test" | "recall"; id: Uuid; weight: number; zh: string; en: string }[];
}

export interface NcrCosts {
  costs: { id: Uuid; what: string; amount: Decimal; currency: string; by: Uuid; at: Instant }[];
  sums: Record<string, Decimal>;
}
