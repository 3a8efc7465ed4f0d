/** Writing rows of the feed into the replica, inside the caller's transaction. */
import { db, isFeedKind, REPLICA_TABLES } from "./db";
import { payloadOf } from "./payload";
import { applyProvisionally } from "./provisional";
import type { FeedChange, FeedKind, FeedRows, Kept, Uuid } from "./types";

/** The tables that `putChanges` touches, for the caller's transaction. */
export const REPLICA_STORES = ["meta", "acts", "cache", ...REPLICA_TABLES];

/** Store changes, remove what has left the view, and draw unanswered acts of this device over what came. */
export async function putChanges(project_id: Uuid, changes: FeedChange[]): Promise<void> {
  for (const [kind, some] of byKind(changes)) await putRows(project_id, kind, some);
  if (changes.length > 0) await drawUnanswered(project_id, new Set(changes.map((change) => change.id)));
}

/** Kinds that this version does not know are passed over; a newer app starts over when its tables change. */
function byKind(changes: FeedChange[]): Map<FeedKind, FeedChange[]> {
  const sorted = new Map<FeedKind, FeedChange[]>();
  for (const change of changes) {
    if (!isFeedKind(change.kind)) continue;
    const list = sorted.get(change.kind);
    if (list) list.push(change);
    else sorted.set(change.kind, [change]);
  }
  return sorted;
}

async function putRows(project_id: Uuid, kind: FeedKind, changes: FeedChange[]): Promise<void> {
  const table = db.replica(kind);
  const gone = changes.filter((change) => change.row === null).map((change): [Uuid, Uuid] => [project_id, change.id]);
  const rows = changes
    .filter((change) => change.row !== null)
    .map((change) => ({ ...change.row, id: change.id, project_id }) as unknown as Kept<FeedRows[FeedKind]>);
  if (rows.length > 0) await table.bulkPut(rows);
  if (gone.length > 0) await table.bulkDelete(gone);
}

/** Acts of ours that the server has not answered still stand above what it said of the same things. */
async function drawUnanswered(project_id: Uuid, changed: Set<Uuid>): Promise<void> {
  for (const act of await unanswered(project_id)) {
    if (!act.before.some((before) => changed.has(before.id))) continue;
    const drawn = await applyProvisionally(payloadOf(act));
    const kept = new Map(act.before.map((before) => [before.id, before]));
    // What the feed did not touch still carries our own drawing, which is nothing to go back to.
    const before = drawn.map((fresh) => (changed.has(fresh.id) ? fresh : (kept.get(fresh.id) ?? fresh)));
    await db.acts.update(act.id, { before });
  }
}

async function unanswered(project_id: Uuid) {
  const open = await db.acts
    .where("[project_id+state]")
    .anyOf([project_id, "waiting"], [project_id, "sending"])
    .toArray();
  return open.sort((a, b) => a.seq - b.seq);
}

/**
 * Drop every row of a project that is not among `there`, except what so far only this phone knows. A refusal must not
 * put back what is gone, so the acts that wait forget it too.
 */
export async function keepOnly(project_id: Uuid, there: ReadonlySet<Uuid>): Promise<void> {
  for (const table of REPLICA_TABLES) {
    const mine = db.table<{ id: Uuid; local?: true }>(table).where("project_id").equals(project_id);
    await mine.filter((row) => !row.local && !there.has(row.id)).delete();
  }
  for (const act of await unanswered(project_id)) {
    const before = act.before.map((one) => (one.row && !there.has(one.id) ? { ...one, row: null } : one));
    await db.acts.update(act.id, { before });
  }
}
