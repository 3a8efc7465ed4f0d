/**
 * What screens ask of the replica, as live stores: undefined until answered, then again after each change.
 *
 * All of them read this phone only. `knowledge` says how old that is.
 */
import { db, type ActEntry, type FileEntry, type MetaEntry } from "./db";
import { live } from "./live";
import { ownActs, ownFiles } from "./owner";
import { sturdily } from "./sturdy";
import type { CodeTarget, FeedKind, FeedRows, Kept, LabelledKind, LotStatus, Sha256, StepStatus, Uuid } from "./types";
import type { Readable } from "../shared/store";

type Live<T> = Readable<T | undefined>;
export type RowOf<K extends FeedKind> = Kept<FeedRows[K]>;

/** All rows of a kind in a project, in no promised order. */
export function rows<K extends FeedKind>(kind: K, project_id: Uuid): Live<RowOf<K>[]> {
  return live(async () => (await db.replica(kind).where("project_id").equals(project_id).toArray()) as RowOf<K>[]);
}

/** One row; null when this phone does not know it. */
export function row<K extends FeedKind>(kind: K, project_id: Uuid, id: Uuid): Live<RowOf<K> | null> {
  return live(() => readRow(kind, project_id, id));
}

/** The same, once. */
export function findRow<K extends FeedKind>(kind: K, project_id: Uuid, id: Uuid): Promise<RowOf<K> | null> {
  return sturdily(() => readRow(kind, project_id, id));
}

async function readRow<K extends FeedKind>(kind: K, project_id: Uuid, id: Uuid): Promise<RowOf<K> | null> {
  return (await db.replica(kind).get([project_id, id])) ?? null;
}

const newestFirst = (a: string | null, b: string | null): number => (a === b ? 0 : (a ?? "9") < (b ?? "9") ? 1 : -1);

/** Lots, newest receipt first; those that only this phone knows stand on top. */
export function lots(project_id: Uuid, status?: LotStatus[]): Live<RowOf<"lot">[]> {
  return live(async () => {
    const found = status
      ? await db.lots.where("[project_id+status]").anyOf(status.map((one) => [project_id, one])).toArray()
      : await db.lots.where("project_id").equals(project_id).toArray();
    return found.sort((a, b) => newestFirst(a.received_at, b.received_at));
  });
}

export const lot = (project_id: Uuid, id: Uuid): Live<RowOf<"lot"> | null> => row("lot", project_id, id);
export const task = (project_id: Uuid, id: Uuid): Live<RowOf<"task"> | null> => row("task", project_id, id);
export const step = (project_id: Uuid, id: Uuid): Live<RowOf<"step"> | null> => row("step", project_id, id);
export const defect = (project_id: Uuid, id: Uuid): Live<RowOf<"defect"> | null> => row("defect", project_id, id);

/** All task nodes, siblings in their order. */
export function tasks(project_id: Uuid): Live<RowOf<"task">[]> {
  return live(async () => (await db.tasks.where("project_id").equals(project_id).toArray()).sort(inPosition));
}

/** Nodes right below `parent_id`; null asks for the roots. */
export function children(project_id: Uuid, parent_id: Uuid | null): Live<RowOf<"task">[]> {
  return live(async () => {
    const found = parent_id
      ? await db.tasks.where("[project_id+parent_id]").equals([project_id, parent_id]).toArray()
      : // Null is no key in IndexedDB, so the roots are found by looking.
        await db.tasks.where("project_id").equals(project_id).filter((one) => one.parent_id === null).toArray();
    return found.sort(inPosition);
  });
}

function inPosition(a: RowOf<"task">, b: RowOf<"task">): number {
  const by = (a.position ?? Infinity) - (b.position ?? Infinity);
  return by || a.code.localeCompare(b.code, "en", { numeric: true });
}

/** From the root down to the node itself. */
export function pathOf(project_id: Uuid, task_id: Uuid): Live<RowOf<"task">[]> {
  return live(async () => {
    const path: RowOf<"task">[] = [];
    let at: Uuid | null = task_id;
    while (at && path.length < 32) {
      const found: RowOf<"task"> | undefined = await db.tasks.get([project_id, at]);
      if (!found) break;
      path.unshift(found);
      at = found.parent_id;
    }
    return path;
  });
}

/** Steps at one task node, newest first. */
export function stepsOf(project_id: Uuid, task_id: Uuid): Live<RowOf<"step">[]> {
  return live(async () => {
    const found = await db.steps.where("[project_id+task_id]").equals([project_id, task_id]).toArray();
    return found.sort((a, b) => newestFirst(a.at.wall, b.at.wall));
  });
}

/** Steps in these states, oldest first. The inbox asks for those that are submitted. */
export function inbox(project_id: Uuid, states: StepStatus[] = ["submitted"]): Live<RowOf<"step">[]> {
  return live(async () => {
    const found = await db.steps.where("[project_id+status]").anyOf(states.map((one) => [project_id, one])).toArray();
    return found.sort((a, b) => newestFirst(b.received_at, a.received_at));
  });
}

/** Steps in which a lot was used, newest first. */
export function stepsWithLot(project_id: Uuid, lot_id: Uuid): Live<RowOf<"step">[]> {
  return live(async () => {
    const all = db.steps.where("project_id").equals(project_id);
    const found = await all.filter((one) => one.lots.some((use) => use.lot_id === lot_id)).toArray();
    return found.sort((a, b) => newestFirst(a.at.wall, b.at.wall));
  });
}

/** Defects, newest first, of the project or of one task node. */
export function defects(project_id: Uuid, task_id?: Uuid): Live<RowOf<"defect">[]> {
  return live(async () => {
    const found = task_id
      ? await db.defects.where("[project_id+task_id]").equals([project_id, task_id]).toArray()
      : await db.defects.where("project_id").equals(project_id).toArray();
    return found.sort((a, b) => newestFirst(a.at.wall, b.at.wall));
  });
}

/** Certificates of a lot, directly or by its heat number. */
export function certificatesOf(project_id: Uuid, of: { id: Uuid; heat_no: string | null }): Live<RowOf<"certificate">[]> {
  return live(async () => {
    const all = db.certificates.where("project_id").equals(project_id);
    return all
      .filter((one) => one.lot_ids.includes(of.id) || (of.heat_no !== null && one.heats.includes(of.heat_no)))
      .toArray();
  });
}

/** Tests of a lot. */
export function testsOf(project_id: Uuid, lot_id: Uuid): Live<RowOf<"test">[]> {
  return live(() => db.tests.where("[project_id+lot_id]").equals([project_id, lot_id]).toArray());
}

/** What a label's code stands for, as far as this phone knows; ask `resolveCode` of the server when null. */
export async function findCode(code: string): Promise<CodeTarget | null> {
  const kinds = ["lot", "task", "place", "equipment"] as const;
  for (const kind of kinds) {
    const found = await sturdily(() => db.replica(kind).where("qr").equals(code).first());
    if (found) return { kind, id: found.id, project_id: found.project_id };
  }
  return null;
}

/** Marks of this normal form, and lots that carry one of these numbers as heat or batch number. */
export async function findMarks(project_id: Uuid, value: string, numbers: readonly string[]): Promise<{ kind: LabelledKind; id: Uuid }[]> {
  const marks = await db.marks.where("[project_id+value]").equals([project_id, value]).toArray();
  const found = new Map(marks.map((mark) => [mark.thing_id, { kind: mark.thing_kind, id: mark.thing_id }]));
  const wanted = new Set(numbers.map((one) => one.toUpperCase()));
  const carries = (number: string | null): boolean => number !== null && wanted.has(number.trim().toUpperCase());
  if (wanted.size > 0) {
    const lots = db.lots.where("project_id").equals(project_id).filter((lot) => carries(lot.heat_no) || carries(lot.batch_no));
    for (const lot of await lots.toArray()) found.set(lot.id, { kind: "lot", id: lot.id });
  }
  return [...found.values()];
}

/** Marks on a thing. */
export function marksOn(project_id: Uuid, thing_id: Uuid): Live<RowOf<"mark">[]> {
  return live(() => db.marks.where("[project_id+thing_id]").equals([project_id, thing_id]).toArray());
}

/** Rolls of blank labels, once. */
export async function rollsOf(project_id: Uuid): Promise<RowOf<"roll">[]> {
  return db.rolls.where("project_id").equals(project_id).toArray();
}

/** Feed position and age of what this phone knows of a project; null before the first pull. */
export function knowledge(project_id: Uuid): Live<MetaEntry | null> {
  return live(async () => (await db.meta.get(project_id)) ?? null);
}

/** Acts of this device, newest first: all that is not through, and the last `sent` that are. */
export function outboxActs(sent = 50): Live<ActEntry[]> {
  return live(async () => {
    const open = await db.acts.where("state").anyOf("waiting", "sending", "needs-attention").toArray();
    const done = await db.acts
      .orderBy("recorded_at")
      .reverse()
      .filter((act) => act.state === "sent")
      .limit(sent)
      .toArray();
    return (await ownActs([...open, ...done])).sort((a, b) => newestFirst(a.recorded_at, b.recorded_at));
  });
}

/** What a manager answered to a refused act of this device, newest last; by the act's id. */
export function answersTo(project_id: Uuid): Live<ReadonlyMap<Uuid, RowOf<"answer">>> {
  return live(async () => {
    const found = await db.answers.where("project_id").equals(project_id).sortBy("at");
    return new Map(found.flatMap((answer) => (answer.act_id ? [[answer.act_id, answer] as const] : [])));
  });
}

/** Files of this device that are not verified. */
export function outboxFiles(): Live<FileEntry[]> {
  return live(async () => ownFiles(await db.files.where("state").anyOf("waiting", "sending", "needs-attention").toArray()));
}

/** One act of this device; null when it was recorded elsewhere. */
export function outboxAct(id: Uuid): Live<ActEntry | null> {
  return live(async () => (await db.acts.get(id)) ?? null);
}

/** Where a file of this device stands; null when it was taken elsewhere. */
export function outboxFile(project_id: Uuid, sha256: Sha256): Live<FileEntry | null> {
  return live(async () => (await db.files.get([project_id, sha256])) ?? null);
}

/** The newest step of this kind by this person, for "same as last time". */
export async function lastStep(project_id: Uuid, kind: string, person_id: Uuid): Promise<RowOf<"step"> | null> {
  const all = await sturdily(() => db.steps.where("project_id").equals(project_id).toArray());
  const mine = all.filter((one) => one.kind === kind && one.recorded_by === person_id);
  return mine.sort((a, b) => newestFirst(a.at.wall, b.at.wall))[0] ?? null;
}

/** Recalls, open ones first, then newest first. */
export function recalls(project_id: Uuid): Live<RowOf<"recall">[]> {
  return live(async () => {
    const found = await db.recalls.where("project_id").equals(project_id).toArray();
    const closed = (one: RowOf<"recall">): number => (one.status === "closed" ? 1 : 0);
    return found.sort((a, b) => closed(a) - closed(b) || newestFirst(a.opened_at, b.opened_at));
  });
}

export const recall = (project_id: Uuid, id: Uuid): Live<RowOf<"recall"> | null> => row("recall", project_id, id);

/** Items of a recall. */
export function recallItems(project_id: Uuid, recall_id: Uuid): Live<RowOf<"recall_item">[]> {
  return live(() => db.recall_items.where("[project_id+recall_id]").equals([project_id, recall_id]).toArray());
}

/** Items of a lot, of every recall and drill. */
export function recallItemsOf(project_id: Uuid, lot_id: Uuid): Live<RowOf<"recall_item">[]> {
  return live(() => db.recall_items.where("[project_id+lot_id]").equals([project_id, lot_id]).toArray());
}
