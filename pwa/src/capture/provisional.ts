/**
 * What an act will probably do, drawn into the replica at once, so that a screen need not wait for the server.
 *
 * Such rows carry `local: true`. The feed replaces them with the truth; a refusal puts back what was there before.
 * Only what people look for right after saving is drawn; everything else waits for the feed.
 */
import { db, type Before } from "./db";
import type { Definitions } from "./definitions";
import type {
  ActFile,
  ActPayload,
  ActType,
  CertificateRow,
  ClaimedTime,
  DefectLife,
  DefectRow,
  FeedKind,
  FeedRows,
  FileRef,
  LotRow,
  MarkRow,
  Names,
  RollRow,
  StepRow,
  StepStatus,
  Uuid,
} from "./types";

/** A defect right after it was raised. */
export const NEW_LIFE: DefectLife = {
  kind: null,
  pin: null,
  repeats: [],
  ncr_code: null,
  requirement: null,
  party_kind: null,
  party_id: null,
  party_act_id: null,
  reinspection: null,
  closed_by: null,
  closed_at: null,
  lat: null,
  lon: null,
  actions: [],
  entries: [],
};

let cases: typeof import("./provisional.cases") | null = null;

/**
 * Load how acts of recalls and nonconformances are drawn, which the first load does not carry. To be awaited before a
 * transaction, which would end while it waits. Without it the act is recorded all the same, and drawn by the feed.
 */
export async function casesReady(): Promise<void> {
  cases ??= await import("./provisional.cases").catch(() => null);
}

/** Draw the act's likely rows. Runs inside the caller's transaction; returns what they replaced. */
export async function applyProvisionally(act: ActPayload): Promise<Before[]> {
  const before: Before[] = [];
  const put = async <K extends FeedKind>(kind: K, row: FeedRows[K]): Promise<void> => {
    const at: [Uuid, Uuid] = [act.project, row.id];
    const table = db.replica(kind);
    const present = await table.get(at);
    before.push({ kind, id: row.id, row: present ?? null });
    await table.put({ ...row, project_id: act.project, local: true });
  };
  await draw(act, put);
  return before;
}

/** Put back what a refused act had replaced, where the feed has not brought the truth meanwhile. */
export async function undoProvisional(project_id: Uuid, before: Before[]): Promise<void> {
  for (const { kind, id, row } of [...before].reverse()) {
    const table = db.replica(kind);
    const present = await table.get([project_id, id]);
    if (!present?.local) continue;
    if (row) await table.put(row);
    else await table.delete([project_id, id]);
  }
}

export type Put = <K extends FeedKind>(kind: K, row: FeedRows[K]) => Promise<void>;

export function is<T extends ActType>(act: ActPayload, type: T): act is ActPayload<T> {
  return act.type === type;
}

async function draw(act: ActPayload, put: Put): Promise<void> {
  if (is(act, "lot:receive")) return put("lot", receivedLot(act, await materialNames(act.body.material)));
  if (is(act, "step:record")) return recordStep(act, put);
  if (is(act, "defect:raise")) return put("defect", raisedDefect(act));
  if (is(act, "approval:decide")) return decide(act, put);
  if (is(act, "certificate:attach")) return attach(act, put);
  if (is(act, "roll:reserve")) return put("roll", reservedRoll(act));
  if (is(act, "label:bind")) return bindLabel(act, put);
  if (is(act, "mark:bind")) return put("mark", boundMark(act));
  // A screen that records these has loaded how they are drawn (see casesReady); else the feed draws them.
  await cases?.drawCase(act, put);
}

function reservedRoll({ object, id, body }: ActPayload<"roll:reserve">): RollRow {
  const { count, seed, note } = body;
  return { id: object, code: "", count, seed, printed_to: 0, bound: 0, note: note ?? null, act_id: id };
}

/** The label is known at once, so that nobody binds it a second time from this phone. */
async function bindLabel(act: ActPayload<"label:bind">, put: Put): Promise<void> {
  const { kind, code: qr } = act.body;
  const at: [Uuid, Uuid] = [act.project, act.object];
  if (kind === "lot") {
    const lot = await db.lots.get(at);
    if (lot) await put("lot", { ...lot, qr });
  } else if (kind === "task") {
    const task = await db.tasks.get(at);
    if (task) await put("task", { ...task, qr });
  } else if (kind === "place") {
    const place = await db.places.get(at);
    if (place) await put("place", { ...place, qr });
  } else {
    const machine = await db.equipment.get(at);
    if (machine) await put("equipment", { ...machine, qr });
  }
}

function boundMark({ object, id, body }: ActPayload<"mark:bind">): MarkRow {
  const { kind, text, value, thing_kind, thing } = body;
  return { id: object, kind, text, value, thing_kind, thing_id: thing, act_id: id };
}

function claimed({ at }: ActPayload): ClaimedTime {
  return { wall: at.wall, offset_min: at.offset_min, skew_ms: at.skew_ms };
}

const PREVIEW_OF = "preview:";

function isPreview(file: ActFile): boolean {
  return file.role.startsWith(PREVIEW_OF);
}

export function expected(files: ActFile[]): FileRef[] {
  const previews = new Map(files.filter(isPreview).map((file) => [file.role.slice(PREVIEW_OF.length), file.sha256]));
  return files
    .filter((file) => !isPreview(file))
    .map((file) => ({ ...file, status: "expected", decodable: null, preview_sha256: previews.get(file.sha256) ?? null }));
}

async function materialNames(id: string): Promise<Names> {
  const kept = await db.cache.get("definitions");
  const found = (kept?.value as Definitions | undefined)?.materials.find((material) => material.id === id);
  return found?.names ?? { zh: id, en: id };
}

function receivedLot(act: ActPayload<"lot:receive">, names: Names): LotRow {
  const { body } = act;
  return {
    id: act.object,
    code: "",
    qr: body.qr ?? null,
    kind: "lot",
    material: body.material,
    material_names: names,
    grade: body.grade ?? null,
    size: body.size ?? null,
    unit: body.unit,
    status: "received",
    status_reason: null,
    received: body.quantity,
    on_hand: body.quantity,
    place_id: body.place ?? null,
    crew_id: null,
    supplier_id: body.supplier ?? null,
    recall_id: null,
    manufacturer: body.manufacturer ?? null,
    heat_no: body.heat_no ?? null,
    batch_no: body.batch_no ?? null,
    delivery_note: body.delivery_note ?? null,
    vehicle: body.vehicle ?? null,
    produced_on: body.produced_on ?? null,
    delivered_at: body.delivered_at ?? act.at.wall,
    received_at: null,
    parent_ids: [],
    certificate_ids: [],
    test_ids: [],
    flags: [],
    files: expected(act.files),
    act_id: act.id,
    note: body.note ?? null,
  };
}

async function recordStep(act: ActPayload<"step:record">, put: Put): Promise<void> {
  if (act.supersedes) {
    const steps = await db.steps.where("project_id").equals(act.project).toArray();
    const old = steps.find((step) => step.act_id === act.supersedes);
    if (old) await put("step", { ...old, status: "superseded" });
  }
  await put("step", recordedStep(act));
}

function recordedStep(act: ActPayload<"step:record">): StepRow {
  const { body } = act;
  return {
    id: act.object,
    task_id: body.task,
    kind: body.kind,
    definition: body.definition,
    status: act.files.length > 0 ? "awaiting_files" : "submitted",
    recorded_by: act.actor,
    crew_id: body.crew ?? null,
    people: body.people,
    equipment_ids: body.equipment,
    method: body.method ?? null,
    lots: body.lots.map(({ lot, quantity, unit }) => ({ lot_id: lot, quantity, unit })),
    environment: body.environment,
    answers: body.answers,
    judgements: [],
    files: expected(act.files),
    where: act.where,
    at: claimed(act),
    started_at: body.started_at ?? null,
    ended_at: body.ended_at ?? null,
    received_at: null,
    distance_m: null,
    is_inside_site: null,
    missing: [],
    flags: [],
    note: body.note ?? null,
    decisions: [],
    act_id: act.id,
    supersedes: act.supersedes,
  };
}

function raisedDefect(act: ActPayload<"defect:raise">): DefectRow {
  const { body } = act;
  return {
    id: act.object,
    code: "",
    task_id: body.task,
    step_id: body.step ?? null,
    lot_ids: body.lots ?? [],
    title: body.title,
    description: body.description ?? null,
    severity: body.severity,
    status: "open",
    raised_by: act.actor,
    at: claimed(act),
    files: expected(act.files),
    act_id: act.id,
    ...NEW_LIFE,
    kind: body.kind ?? null,
    pin: body.pin ?? null,
    lat: act.where?.lat ?? null,
    lon: act.where?.lon ?? null,
  };
}

const AFTER: Record<ActPayload<"approval:decide">["body"]["decision"], StepStatus> = {
  approve: "approved",
  reject: "rejected",
  ask: "more_asked",
};

async function decide(act: ActPayload<"approval:decide">, put: Put): Promise<void> {
  const step = await db.steps.get([act.project, act.body.step]);
  if (!step) return;
  const { stage, decision, reason } = act.body;
  const made = { id: act.object, stage, decision, reason: reason ?? null, by: act.actor, at: act.at.wall };
  const earlier = step.decisions.filter((one) => one.id !== act.object);
  await put("step", { ...step, status: AFTER[decision], decisions: [...earlier, made] });
}

async function attach(act: ActPayload<"certificate:attach">, put: Put): Promise<void> {
  const { body } = act;
  const certificate: CertificateRow = {
    id: act.object,
    kind: body.kind,
    number: body.number,
    issuer: body.issuer ?? null,
    issued_on: body.issued_on ?? null,
    standard: body.standard ?? null,
    lot_ids: body.lots,
    heats: body.heats,
    files: expected(act.files),
    act_id: act.id,
  };
  await put("certificate", certificate);
  for (const id of body.lots) {
    const lot = await db.lots.get([act.project, id]);
    if (!lot || lot.certificate_ids.includes(act.object)) continue;
    await put("lot", { ...lot, certificate_ids: [...lot.certificate_ids, act.object] });
  }
}
