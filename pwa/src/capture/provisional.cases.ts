/** What acts on recalls, defects and nonconformances will probably do; see provisional.ts. */
import { db } from "./db";
import { expected, is, type Put } from "./provisional";
import type { ActPayload, DefectRow, EntryKind, NcrActionRow, RecallRow, Uuid } from "./types";
import { exact, text } from "../shared/decimal";

/** Draw an act of these domains; others are nothing to it. */
export async function drawCase(act: ActPayload, put: Put): Promise<void> {
  if (is(act, "recall:open")) return openRecall(act, put);
  if (is(act, "recall:acknowledge")) return acknowledge(act, put);
  if (is(act, "recall:dispose")) return dispose(act, put);
  if (is(act, "recall:close")) return change(act, put, (row) => ({ ...row, status: "closed", closed_at: act.at.wall, closed_by: act.actor }));
  return drawDefect(act, put);
}

async function openRecall(act: ActPayload<"recall:open">, put: Put): Promise<void> {
  const { kind, reason, drill = false, test = null, ...about } = act.body;
  const row: RecallRow = {
    id: act.object,
    code: "",
    is_drill: drill,
    basis: kind,
    about,
    reason,
    test_id: test,
    status: "open",
    is_whole: false,
    nodes: 0,
    lots_stopped: 0,
    lots_without: 0,
    elements: 0,
    elements_without: 0,
    opened_by: act.actor,
    opened_at: act.at.wall,
    closed_by: null,
    closed_at: null,
    close_note: null,
    difference: null,
    balance: [],
    acknowledged: [],
    act_id: act.id,
  };
  await put("recall", row);
  // The gate of this phone stops what was named at once; everything else that the trace reaches comes with the feed.
  if (kind !== "lot" || drill) return;
  for (const id of about.things ?? []) {
    const lot = await db.lots.get([act.project, id]);
    if (lot && !lot.recall_id) {
      await put("lot", { ...lot, status: "stopped", recall_id: act.object, status_reason: { zh: reason, en: reason } });
    }
  }
}

async function acknowledge(act: ActPayload<"recall:acknowledge">, put: Put): Promise<void> {
  const mine = { person_id: act.actor, device_id: act.device, at: act.at.wall };
  const isMine = (one: RecallRow["acknowledged"][number]): boolean => one.person_id === act.actor && one.device_id === act.device;
  await change(act, put, (row) => ({ ...row, acknowledged: [...row.acknowledged.filter((one) => !isMine(one)), mine] }));
}

async function change(act: ActPayload, put: Put, to: (row: RecallRow) => RecallRow): Promise<void> {
  const row = await db.recalls.get([act.project, act.object]);
  if (row) await put("recall", to(row));
}

async function dispose(act: ActPayload<"recall:dispose">, put: Put): Promise<void> {
  const item = await db.recall_items.get([act.project, act.body.item]);
  if (!item) return;
  const kept = item.dispositions.filter((one) => one.act_id !== act.supersedes && one.id !== act.object);
  const before = kept.reduce((sum, one) => sum + (exact(one.quantity) ?? 0n), 0n);
  const quantity = act.body.quantity ?? text((exact(item.quantity) ?? 0n) - before);
  const made = {
    id: act.object,
    disposition: act.body.disposition,
    quantity,
    note: act.body.note ?? null,
    by: act.actor,
    at: act.at.wall,
    act_id: act.id,
    files: expected(act.files),
  };
  await put("recall_item", { ...item, disposed: text(before + (exact(quantity) ?? 0n)), dispositions: [...kept, made] });
}

async function drawDefect(act: ActPayload, put: Put): Promise<void> {
  if (is(act, "ncr:act")) return plan(act, put);
  if (is(act, "ncr:done") || is(act, "ncr:check")) return follow(act, put);
  const kind = KINDS[act.type];
  const row = kind ? await db.defects.get([act.project, act.object]) : undefined;
  if (!kind || !row) return;
  const entry = { id: act.id, kind, said: { ...act.body } as Record<string, unknown>, by: act.actor, at: act.at.wall, files: expected(act.files) };
  await put("defect", { ...row, ...changes(act), entries: [...row.entries.filter((one) => one.id !== act.id), entry] });
}

const KINDS: Partial<Record<ActPayload["type"], EntryKind>> = {
  "defect:confirm": "confirm",
  "defect:dismiss": "dismiss",
  "ncr:assign": "assign",
  "ncr:answer": "answer",
  "ncr:cause": "cause",
  "ncr:reinspect": "reinspect",
  "ncr:close": "close",
};

function changes(act: ActPayload): Partial<DefectRow> {
  if (is(act, "defect:confirm")) {
    const { requirement = null, severity } = act.body;
    return { status: "confirmed", requirement, ...(severity ? { severity } : {}) };
  }
  if (is(act, "defect:dismiss")) return { status: "rejected", closed_at: act.at.wall, closed_by: act.actor };
  if (is(act, "ncr:assign")) return { party_kind: act.body.party.kind, party_id: act.body.party.id, party_act_id: act.id };
  if (is(act, "ncr:reinspect")) return { reinspection: act.body.result };
  if (is(act, "ncr:close")) return { status: "closed", closed_at: act.at.wall, closed_by: act.actor };
  return {};
}

async function plan(act: ActPayload<"ncr:act">, put: Put): Promise<void> {
  const row = await db.defects.get([act.project, act.body.defect]);
  if (!row) return;
  const { kind, what, owner, due_on } = act.body;
  const made: NcrActionRow = {
    id: act.object,
    kind,
    what,
    owner_id: owner,
    due_on,
    status: "open",
    done_by: null,
    done_at: null,
    done_note: null,
    checked_by: null,
    checked_at: null,
    check_note: null,
    proof: [],
    act_id: act.id,
  };
  await put("defect", { ...row, actions: [...row.actions.filter((one) => one.id !== made.id), made] });
}

async function follow(act: ActPayload<"ncr:done"> | ActPayload<"ncr:check">, put: Put): Promise<void> {
  const row = await holding(act.project, act.object);
  if (!row) return;
  const to = (one: NcrActionRow): NcrActionRow => {
    if (one.id !== act.object) return one;
    const at = act.at.wall;
    if (is(act, "ncr:done")) {
      return { ...one, status: "done", done_by: act.actor, done_at: at, done_note: act.body.note ?? null, proof: expected(act.files) };
    }
    if (!is(act, "ncr:check")) return one;
    const { effective, note = null } = act.body;
    return { ...one, status: effective ? "effective" : "open", checked_by: act.actor, checked_at: at, check_note: note };
  };
  await put("defect", { ...row, actions: row.actions.map(to) });
}

async function holding(project_id: Uuid, action_id: Uuid): Promise<DefectRow | undefined> {
  const all = db.defects.where("project_id").equals(project_id);
  return all.filter((one) => one.actions.some((action) => action.id === action_id)).first();
}
