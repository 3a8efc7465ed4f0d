/**
 * What travels between phone and server: rows of the feed, bodies of acts, answers of the API.
 *
 * Names are the wire's own. Instants `*_at` are UTC ISO-8601 with `Z`, days `*_on` are `YYYY-MM-DD`,
 * quantities are decimal strings beside their unit, coordinates decimal strings in degrees (WGS 84).
 * These interfaces stand in for types generated from the OpenAPI document (`npm run types`).
 */

import type { AssemblyBodies } from "./types.assembly";
import type { DefectLife, NcrBodies, Pin, RecallBodies, RecallItemRow, RecallRow } from "./types.recall";

export * from "./types.recall";

export type Uuid = string;
/** 64 lower-case hexadecimal digits. */
export type Sha256 = string;
export type Instant = string;
export type Day = string;
/** An exact decimal number as text, at most six decimals. */
export type Decimal = string;

export interface Names {
  zh: string;
  en: string;
}

/** An RFC 9457 problem document; numbers and ids stand in extra members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  errors?: { pointer: string; detail: string }[];
  [member: string]: unknown;
}

export interface Where {
  lat: Decimal;
  lon: Decimal;
  accuracy_m: Decimal;
  fix_age_ms: number;
}

export interface ActTime {
  wall: Instant;
  offset_min: number;
  mono_ms: number;
  skew_ms: number | null;
}

/** The recording device's clock, as a row shows it: a claim. */
export type ClaimedTime = Omit<ActTime, "mono_ms">;

export type CaptureKind = "camera" | "file" | "gallery" | "generated" | "document" | "preview" | "microphone" | "markup";

/** `photo`, `certificate`, `import` …, with an optional subject after a colon: `photo:rebar_cover`. */
export type FileRole = string;

export interface ActFile {
  sha256: Sha256;
  bytes: number;
  mime: string;
  role: FileRole;
  capture: CaptureKind;
}

export interface FileRef extends ActFile {
  status: "expected" | "verified" | "refused";
  decodable: boolean | null;
  /** The phone's own JPEG of an original that servers may not open (HEIC). */
  preview_sha256?: Sha256 | null;
}

export type OrganizationKind =
  | "owner"
  | "contractor"
  | "subcontractor"
  | "supplier"
  | "laboratory"
  | "supervisor"
  | "designer"
  | "authority";
export type PlaceKind = "site" | "store" | "yard" | "vehicle" | "dealer" | "laboratory";
export type TaskLevel = "unit" | "division" | "subdivision" | "item" | "batch" | "element" | "other";
export type LotStatus =
  | "announced"
  | "received"
  | "released"
  | "conditional"
  | "quarantined"
  | "expiring"
  | "stopped"
  | "exhausted";
export type StepStatus = "awaiting_files" | "submitted" | "approved" | "rejected" | "more_asked" | "superseded";
export type Decision = "approve" | "reject" | "ask";
export type Severity = "minor" | "major" | "critical";
export type TestResult = "pass" | "fail" | "pending";

// ---- Rows of the feed ------------------------------------------------------------------------------

export interface OrganizationRow {
  id: Uuid;
  name: string;
  name_en: string | null;
  kind: OrganizationKind;
  /** As a supplier: nothing is received of a suspended one. */
  standing: "none" | "approved" | "suspended";
  standing_reason: string | null;
  /** The supplier that stands for this one since they were merged. */
  merged_into: Uuid | null;
}

export interface MemberRow {
  /** The person's id. */
  id: Uuid;
  display_name: string;
  organization_id: Uuid | null;
  roles: string[];
  crew_id: Uuid | null;
  state: string;
}

export interface CrewRow {
  id: Uuid;
  name: string;
  name_en: string | null;
  organization_id: Uuid | null;
  trade: string;
}

export interface EquipmentRow {
  id: Uuid;
  code: string;
  name: string;
  name_en: string | null;
  kind: string;
  serial_no: string | null;
  calibrated_on: Day | null;
  calibration_due_on: Day | null;
  qr: string | null;
}

export interface PlaceRow {
  id: Uuid;
  name: string;
  name_en: string | null;
  kind: PlaceKind;
  lat: Decimal | null;
  lon: Decimal | null;
  qr: string | null;
}

export interface ProjectRow {
  id: Uuid;
  name: string;
  name_en: string | null;
  code: string;
  time_zone: string;
  site: [Decimal, Decimal][];
  sample: boolean;
}

export interface TaskRow {
  id: Uuid;
  parent_id: Uuid | null;
  code: string;
  name: string;
  name_en: string | null;
  level: TaskLevel;
  plan: string | null;
  lat: Decimal | null;
  lon: Decimal | null;
  planned_on: Day | null;
  qr: string | null;
  position: number | null;
  steps_total: number;
  steps_approved: number;
  defects_open: number;
}

export interface LotRow {
  id: Uuid;
  /** The short code people say; empty on a row that only this phone knows yet. */
  code: string;
  qr: string | null;
  kind: string;
  material: string;
  material_names: Names;
  grade: string | null;
  size: string | null;
  unit: string;
  status: LotStatus;
  status_reason: Names | null;
  received: Decimal;
  on_hand: Decimal;
  place_id: Uuid | null;
  /** Under way to this place. Missing on rows that only this phone knows yet. */
  to_place_id?: Uuid | null;
  /** Of a unit. */
  serial_no?: string | null;
  crew_id: Uuid | null;
  supplier_id: Uuid | null;
  /** The open recall that stopped it. */
  recall_id: Uuid | null;
  manufacturer: string | null;
  heat_no: string | null;
  batch_no: string | null;
  delivery_note: string | null;
  vehicle: string | null;
  produced_on: Day | null;
  delivered_at: Instant | null;
  received_at: Instant | null;
  parent_ids: Uuid[];
  certificate_ids: Uuid[];
  test_ids: Uuid[];
  flags: string[];
  files: FileRef[];
  act_id: Uuid;
  note: string | null;
}

export interface CertificateRow {
  id: Uuid;
  kind: string;
  number: string;
  issuer: string | null;
  issued_on: Day | null;
  standard: string | null;
  lot_ids: Uuid[];
  heats: string[];
  files: FileRef[];
  act_id: Uuid;
}

export interface TestValue {
  property: string;
  value: Decimal;
  unit: string;
}

export interface TestRow {
  id: Uuid;
  lot_id: Uuid;
  kind: string;
  result: TestResult;
  report_no: string | null;
  laboratory_id: Uuid | null;
  sampled_on: Day | null;
  tested_on: Day | null;
  due_on: Day | null;
  values: TestValue[];
  act_id: Uuid;
}

export interface LotUse {
  lot_id: Uuid;
  quantity: Decimal;
  unit: string;
}

export interface Judgement {
  field: string;
  verdict: "pass" | "fail" | "open" | "warn";
  bound: Names | null;
  source: string | null;
  confidence: string | null;
}

export interface MissingEvidence {
  kind: string;
  subject: string | null;
  needed: number;
  have: number;
  names: Names;
}

export interface DecisionRow {
  id: Uuid;
  stage: string;
  decision: Decision;
  reason: string | null;
  by: Uuid;
  at: Instant;
}

export interface DefinitionRef {
  key: string;
  version: number;
}

export interface StepRow {
  id: Uuid;
  task_id: Uuid;
  kind: string;
  definition: DefinitionRef;
  status: StepStatus;
  recorded_by: Uuid;
  crew_id: Uuid | null;
  people: Uuid[];
  equipment_ids: Uuid[];
  method: string | null;
  lots: LotUse[];
  environment: Record<string, unknown>;
  answers: Record<string, unknown>;
  judgements: Judgement[];
  files: FileRef[];
  where: Where | null;
  at: ClaimedTime;
  started_at: Instant | null;
  ended_at: Instant | null;
  received_at: Instant | null;
  /** Metres between the claimed position and the task; null when one of them is unknown. */
  distance_m: number | null;
  is_inside_site: boolean | null;
  missing: MissingEvidence[];
  flags: string[];
  note: string | null;
  decisions: DecisionRow[];
  act_id: Uuid;
  supersedes: Uuid | null;
}

export interface DefectRow extends DefectLife {
  id: Uuid;
  code: string;
  task_id: Uuid;
  step_id: Uuid | null;
  lot_ids: Uuid[];
  title: string;
  description: string | null;
  /** Reported through a label's public page, by nobody of the project. */
  is_public?: boolean;
  severity: Severity;
  status: string;
  raised_by: Uuid;
  at: ClaimedTime;
  files: FileRef[];
  act_id: Uuid;
}

/** What a manager decided about a refused record; `act_id` is the act as its device knows it. */
export interface AnswerRow {
  id: Uuid;
  act_id: Uuid | null;
  decision: "dismissed" | "taken_over" | "asked";
  note: string | null;
  new_act_id: Uuid | null;
  by: Uuid;
  at: Instant;
}

/** Kind of a feed change → its row. */
/** A roll of blank labels printed ahead; its codes follow from the seed (src/marks/roll.ts). */
export interface RollRow {
  id: Uuid;
  code: string;
  count: number;
  /** 64 hexadecimal digits. */
  seed: string;
  /** The highest running number that was printed. */
  printed_to: number;
  /** Labels that are on something. */
  bound: number;
  note: string | null;
  act_id: Uuid;
}

/** A mark that a thing has from its maker: what was read, and its normal form, by which it is found. */
export interface MarkRow {
  id: Uuid;
  kind: string;
  text: string;
  value: string;
  thing_kind: LabelledKind;
  thing_id: Uuid;
  act_id: Uuid;
}

/** What can carry a label or a mark. */
export type LabelledKind = "lot" | "task" | "place" | "equipment";

export interface FeedRows {
  organization: OrganizationRow;
  member: MemberRow;
  crew: CrewRow;
  equipment: EquipmentRow;
  place: PlaceRow;
  project: ProjectRow;
  task: TaskRow;
  lot: LotRow;
  certificate: CertificateRow;
  test: TestRow;
  step: StepRow;
  defect: DefectRow;
  answer: AnswerRow;
  recall: RecallRow;
  recall_item: RecallItemRow;
  roll: RollRow;
  mark: MarkRow;
}
export type FeedKind = keyof FeedRows;

/**
 * A row as this phone holds it. `local` marks what so far only this phone knows (or has changed);
 * the feed replaces the row as soon as the server has numbered the act.
 */
export type Kept<Row> = Row & { project_id: Uuid; local?: true };

export interface FeedChange {
  number: number;
  kind: string;
  id: Uuid;
  /** Null when the object has left the project's view. */
  row: Record<string, unknown> | null;
}

export interface FeedPage {
  changes: FeedChange[];
  cursor: number;
  /** Set when the page ends inside one number; sent back beside the cursor. */
  after?: string | null;
  head: number;
  more: boolean;
}

// ---- Bodies of acts --------------------------------------------------------------------------------

export interface ReceiptBody {
  material: string;
  grade?: string;
  size?: string;
  quantity: Decimal;
  unit: string;
  supplier?: Uuid;
  manufacturer?: string;
  heat_no?: string;
  batch_no?: string;
  delivery_note?: string;
  vehicle?: string;
  place?: Uuid;
  produced_on?: Day;
  qr?: string;
  delivered_at?: Instant;
  note?: string;
}

export interface StepBody {
  task: Uuid;
  kind: string;
  definition: DefinitionRef;
  crew?: Uuid;
  people: Uuid[];
  equipment: Uuid[];
  method?: string;
  lots: { lot: Uuid; quantity: Decimal; unit: string }[];
  environment: Record<string, unknown>;
  answers: Record<string, unknown>;
  started_at?: Instant;
  ended_at?: Instant;
  note?: string;
}

export interface ActBodies extends RecallBodies, NcrBodies, AssemblyBodies {
  "project:create": {
    name: string;
    name_en?: string;
    code: string;
    time_zone: string;
    site: [Decimal, Decimal][];
    sample: boolean;
  };
  "organization:add": { name: string; name_en?: string; kind: OrganizationKind };
  "member:admit": { person: Uuid; organization: Uuid; roles: string[]; crew?: Uuid };
  "member:remove": { person: Uuid; reason: string };
  "crew:add": { name: string; name_en?: string; organization: Uuid; trade: string };
  "equipment:add": {
    code: string;
    name: string;
    name_en?: string;
    kind: string;
    serial_no?: string;
    calibrated_on?: Day;
    calibration_due_on?: Day;
    qr?: string;
  };
  "place:add": { name: string; name_en?: string; kind: PlaceKind; lat?: Decimal; lon?: Decimal; qr?: string };
  "task:add": {
    parent: Uuid | null;
    code: string;
    name: string;
    name_en?: string;
    level: TaskLevel;
    plan?: string;
    lat?: Decimal;
    lon?: Decimal;
    planned_on?: Day;
    qr?: string;
    position?: number;
  };
  "task:import": { file: Sha256; count: number };
  "roll:reserve": { count: number; seed: string; note?: string };
  "roll:print": { first: number; last: number };
  "label:bind": { kind: LabelledKind; code: string };
  "mark:bind": { kind: string; text: string; value: string; thing_kind: LabelledKind; thing: Uuid };
  "mark:release": { reason?: string };
  "lot:announce": ReceiptBody;
  "lot:receive": ReceiptBody;
  "lot:move": { place: Uuid; note?: string };
  "lot:split": { parts: { lot: Uuid; quantity: Decimal; qr?: string }[] };
  "lot:issue": { lot: Uuid; quantity: Decimal; crew: Uuid; qr?: string };
  "lot:return": { lot: Uuid; quantity: Decimal; place: Uuid; qr?: string };
  "lot:scrap": { quantity: Decimal; reason: string };
  "lot:hold": { reason: string };
  "lot:release": { reason?: string };
  "lot:stop": { reason: string };
  "certificate:attach": {
    kind: string;
    number: string;
    issuer?: string;
    issued_on?: Day;
    lots: Uuid[];
    heats: string[];
    standard?: string;
    note?: string;
  };
  "test:record": {
    lot: Uuid;
    kind: string;
    result: TestResult;
    report_no?: string;
    laboratory?: Uuid;
    sampled_on?: Day;
    tested_on?: Day;
    due_on?: Day;
    values: TestValue[];
  };
  "step:record": StepBody;
  "grant:issue": {
    kind: "inspector" | "approver" | "supplier" | "public";
    scope: { kind: "project" | "task" | "lot"; id: Uuid };
    rights: ("view" | "originals")[];
    expires_at: Instant;
  };
  "grant:revoke": { reason?: string };
  "approval:decide": { step: Uuid; stage: string; decision: Decision; reason?: string };
  "quarantine:answer": { decision: AnswerRow["decision"]; note?: string; act?: Uuid };
  "quarantine:reopen": { note?: string };
  "supplier:approve": { reason?: string };
  "supplier:suspend": { reason: string };
  "supplier:merge": { into: Uuid; reason?: string };
  "supplier:name": { name: string; system?: string };
  "project:publish": { is_open: boolean; takes_faults: boolean };
  "defect:raise": {
    task: Uuid;
    lots?: Uuid[];
    step?: Uuid;
    title: string;
    description?: string;
    severity: Severity;
    kind?: string;
    pin?: Pin;
  };
}
export type ActType = keyof ActBodies;

/** What is signed. Never built outside record.ts. */
export interface ActPayload<T extends ActType = ActType> {
  type: T;
  v: 1;
  id: Uuid;
  project: Uuid;
  object: Uuid;
  actor: Uuid;
  device: Uuid;
  seq: number;
  prev: Sha256 | null;
  seen: { cursor: number; head: Sha256 | null };
  at: ActTime;
  where: Where | null;
  files: ActFile[];
  depends_on: Uuid[];
  supersedes: Uuid | null;
  body: ActBodies[T];
}

export interface Envelope {
  /** Base64 of the exact UTF-8 bytes that were signed. */
  payload: string;
  device_id: Uuid;
  /** Base64 of the 64 bytes r‖s. */
  signature: string;
}

export type Verdict = "applied" | "deferred" | "refused";

export interface ActResult {
  id: Uuid | null;
  verdict: Verdict;
  number: number | null;
  flags: string[];
  waits_for: string[];
  problem: Problem | null;
  received_at: Instant | null;
}

// ---- Answers of the API ----------------------------------------------------------------------------

export interface Person {
  id: Uuid;
  display_name: string;
  /** Null for people who joined by a code and have no password. */
  login: string | null;
}

export interface TokenAnswer {
  access_token: string;
  /** Seconds. */
  expires_in: number;
  refresh_token: string;
}

export interface SignInAnswer extends TokenAnswer {
  person: Person;
  device_id: Uuid;
}

export interface JoinAnswer extends SignInAnswer {
  project_id: Uuid;
  /** Whether the inviter has to confirm first. */
  state: "active" | "waiting";
}

export interface MyProject {
  id: Uuid;
  name: string;
  name_en: string | null;
  roles: string[];
  state: "active" | "waiting";
  sample: boolean;
}

export interface Me {
  person: Person;
  /** May create projects on this server. */
  is_server_admin: boolean;
  device_id: Uuid | null;
  device_seq: { seq: number; prev: Sha256 | null } | null;
  projects: MyProject[];
  server_time: Instant;
}

export interface UploadIntent {
  sha256: Sha256;
  state: "verified" | "upload";
  upload_id: Uuid | null;
  method: string | null;
  /** Absolute at an S3 store, else a path of our own server. */
  url: string | null;
  /** To be sent exactly so. */
  headers: Record<string, string> | null;
  expires_at: Instant | null;
  /** The way for lines that never carry a whole file: PATCH chunk after chunk, from `offset` on. */
  chunks?: { url: string; chunk_bytes: number; offset: number } | null;
  /** Where to ask for parts; only for files above 8 MiB. */
  parts_url?: string | null;
}

/** How a large file comes in parts, which are there, and where to send those that were asked for. */
export interface PartsAnswer {
  part_bytes: number;
  count: number;
  done: number[];
  parts: { number: number; bytes: number; url: string; headers: Record<string, string> }[];
}

export interface UploadResult {
  sha256: Sha256;
  status: "verified";
}

/** `blank`: a label of a roll that is on nothing yet; its id is the roll's. */
export type CodeKind = LabelledKind | "blank";

export interface CodeTarget {
  kind: CodeKind;
  id: Uuid;
  project_id: Uuid;
}

export interface Invite {
  id: Uuid;
  display_name: string;
  organization_id: Uuid;
  roles: string[];
  crew_id: Uuid | null;
  state: "open" | "joined" | "confirmed" | "expired";
  person_id: Uuid | null;
  created_at: Instant;
  expires_at: Instant;
}

export interface NewInvite {
  id: Uuid;
  code: string;
  url: string;
  expires_at: Instant;
}

export interface TraceNode {
  id: Uuid;
  kind: "lot" | "step" | "task" | "test";
  label: string;
  label_en?: string | null;
  status: string;
  /** Distance from the start; negative towards the source. */
  depth: number;
  certain: boolean;
  /** Of a lot. */
  material?: string | null;
  heat?: string | null;
  /** When a lot was received or a step done. */
  at?: Instant | null;
  share?: TraceShare | null;
}

/** How much is in what; `certain` counts certain edges alone, `possible` all. Percents to four places. */
export interface TraceShare {
  certain: Decimal;
  possible: Decimal;
  of: Decimal;
  unit: string;
  certain_percent: Decimal | null;
  possible_percent: Decimal | null;
}

export interface TraceEdge {
  source: Uuid;
  target: Uuid;
  kind: string;
  source_quantity: Decimal | null;
  source_unit: string | null;
  target_quantity: Decimal | null;
  target_unit: string | null;
  certainty: "certain" | "possible";
  act_id: Uuid;
}

/** Rows of the context; their fields beyond `id` depend on the list they stand in. */
export type ContextRow = { id?: Uuid } & Record<string, unknown>;

export interface Trace {
  start: Uuid[];
  nodes: TraceNode[];
  edges: TraceEdge[];
  context: Record<"organizations" | "crews" | "people" | "equipment" | "certificates" | "files" | "tests" | "defects", ContextRow[]>;
  truncated: boolean;
  limit: number;
}

export interface ImportPreview {
  rows: {
    line: number;
    code: string;
    parent_code: string | null;
    name: string;
    name_en: string | null;
    level: TaskLevel;
    plan: string | null;
    planned_on: Day | null;
    lat: Decimal | null;
    lon: Decimal | null;
  }[];
  bad: { line: number; field: string; value: string; problem: Names }[];
  count: number;
  sha256: Sha256;
}

/** One act as the server keeps it, with its proof. */
export interface StoredAct {
  id: Uuid;
  project_id: Uuid;
  type: string;
  object_id: Uuid;
  actor_id: Uuid;
  number: number | null;
  verdict: Verdict;
  flags: string[];
  problem: Problem | null;
  received_at: Instant;
  applied_at: Instant | null;
  /** The text that was signed. */
  payload: string;
  /** SHA-256 of its DSSE encoding. */
  payload_sha256: Sha256;
  signature: string;
  public_key: string;
  device_id: Uuid;
  device_label: string;
  /** Who brought it in place of the device. */
  handed_in_by: Uuid | null;
  signed_by: "device" | "server";
  /** Checked again for this answer. */
  signature_holds: boolean;
}

interface Signer {
  id: Uuid;
  /** Null when the project does not know them. */
  name: string | null;
}

/** A refused act, or signed bytes that could become none (`kept`); what they say of themselves are claims. */
export interface Case {
  id: Uuid;
  source: "act" | "kept";
  act_id: Uuid | null;
  type: string | null;
  object_id: Uuid | null;
  seq: number | null;
  claimed_at: string | null;
  received_at: Instant;
  device: Signer;
  person: Signer | null;
  handed_in_by: Signer | null;
  problem: Problem | null;
  flags: string[];
  answer: (Omit<AnswerRow, "by"> & { by: Signer }) | null;
}

export interface CaseList {
  open: number;
  cases: Case[];
}

export interface CaseDetail extends Case {
  /** The text that was signed; null when the bytes are no text. */
  payload: string | null;
  payload_base64: string;
  payload_sha256: Sha256;
  signature: string;
}

export interface ChainLink {
  seq: number;
  received_at: Instant;
  /** Null, as all below, for a payload of another project. */
  id: Uuid | null;
  type: string | null;
  verdict: Verdict | "kept" | null;
  number: number | null;
  payload_sha256: Sha256 | null;
}

/** The chain of a device as it stands now, through all its projects. */
export interface DeviceChain {
  device_id: Uuid;
  label: string;
  is_whole: boolean;
  links: number;
  newest: ChainLink | null;
  gaps: { first: number; last: number }[];
  forks: ChainLink[][];
  broken: ChainLink[];
  is_truncated: boolean;
}

export interface FileMeta {
  sha256: Sha256;
  status: "expected" | "verified";
  bytes: number | null;
  mime: string | null;
  decodable: boolean | null;
  width: number | null;
  height: number | null;
  /** Why it cannot be decoded. */
  note: Names | null;
  /** The photo's own words (EXIF), shown as claims. */
  claims: Record<string, unknown>;
  /** What could not be read of the photo's data. */
  notes: Names[];
  derivatives: { size: number; state: "ready" | "impossible" | "waiting"; width: number | null; height: number | null }[];
  attached: { act_id: Uuid; kind: string; id: Uuid; role: FileRole; capture: CaptureKind }[];
}

export interface Named {
  id: Uuid;
  name: string;
  name_en: string | null;
}

export interface TaskRef extends Named {
  code: string;
  level: TaskLevel;
}

export interface UsedLot extends LotUse {
  code: string;
  material: string;
  material_names: Names;
  grade: string | null;
  size: string | null;
  heat_no: string | null;
  batch_no: string | null;
  manufacturer: string | null;
  status: LotStatus;
}

export interface UsedMachine extends Named {
  code: string;
  kind: string;
  calibration_due_on: Day | null;
  /** On the day of the step, as it was known then. */
  is_calibration_expired: boolean;
}

/** An act behind a record. */
export interface ActBehind {
  id: Uuid;
  type: string;
  number: number | null;
  actor_id: Uuid;
  received_at: Instant;
  claimed_at: Instant;
  device_id: Uuid;
  device_label: string;
  signed_by: "device" | "server";
  signature_holds: boolean;
  payload_sha256: Sha256;
  flags: string[];
}

/** One step for the approver and the inspector; `step` is its feed row. */
export interface StepRecord {
  step: StepRow;
  kind_names: Names;
  task: TaskRef;
  path: TaskRef[];
  recorded_by: Named;
  people: Named[];
  deciders: Named[];
  crew: Named | null;
  equipment: UsedMachine[];
  lots: UsedLot[];
  sketch: {
    site: [Decimal, Decimal][];
    task: [Decimal, Decimal] | null;
    fix: Where | null;
    distance_m: number | null;
    is_inside_site: boolean | null;
  };
  captures: Partial<Record<CaptureKind, number>>;
  is_clock_off: boolean;
  /** The reader recorded it or took part, and so may not decide. */
  is_own: boolean;
  superseded_by: Uuid | null;
  acts: ActBehind[];
}

export interface HeadingEntry {
  step_id: Uuid;
  kind: string;
  at: Instant | null;
  what: Record<string, unknown>;
}

/** The element page: what was done here, by whom, with what, and what was found wrong. */
export interface TaskRecord {
  task: TaskRef;
  path: TaskRef[];
  row: TaskRow;
  steps: StepRow[];
  headings: Record<"people" | "machine" | "material" | "method" | "environment" | "measurement", HeadingEntry[]>;
  defects: DefectRow[];
  lots: UsedLot[];
  certificates: CertificateRow[];
  tests: TestRow[];
  people: Named[];
}
