/**
 * The feed: brings a project down by cursor and keeps the replica true.
 *
 * Rows and cursor are stored in one transaction, so that a break in the middle loses and skips nothing.
 * What this device has recorded and the server has not answered yet is drawn again over the fresh rows.
 */
import { withQuery, callJson } from "./api";
import { db, isFeedKind, REPLICA_TABLES, type MetaEntry } from "./db";
import { ProblemError } from "./errors";
import { payloadOf } from "./payload";
import { applyProvisionally } from "./provisional";
import type { FeedPage, FeedRows, FeedKind, Kept, Uuid } from "./types";

const PAGE = 1000;

/** Pull until nothing newer exists. Returns whether anything changed. Throws as `call` does; what came, stays. */
export async function pullFeed(project_id: Uuid, signal?: AbortSignal): Promise<boolean> {
  let changed = false;
  for (;;) {
    const from = (await db.meta.get(project_id))?.cursor ?? 0;
    const path = withQuery("/api/feed", { project: project_id, cursor: from, limit: PAGE });
    const page = await callJson<FeedPage>(path, signal ? { signal } : {}).catch(unlessExpired);
    if (page === "expired") {
      // The server knows less than this phone: it was restored from a backup. Start over from its truth.
      await forgetProject(project_id);
      continue;
    }
    await applyPage(project_id, from, page);
    changed ||= page.changes.length > 0;
    if (!page.more) return changed;
  }
}

function unlessExpired(error: unknown): "expired" {
  if (error instanceof ProblemError && error.code === "cursor-expired") return "expired";
  throw error;
}

async function applyPage(project_id: Uuid, from: number, page: FeedPage): Promise<void> {
  await db.transaction("rw", ["meta", "acts", "cache", ...REPLICA_TABLES], async () => {
    const meta = await db.meta.get(project_id);
    // Another tab was quicker; its page and ours would be the same rows again.
    if ((meta?.cursor ?? 0) !== from) return;
    for (const [kind, changes] of byKind(page)) await putRows(project_id, kind, changes);
    if (page.changes.length > 0) await drawUnanswered(project_id, new Set(page.changes.map((change) => change.id)));
    await db.meta.put(advance(project_id, page, meta));
  });
}

function advance(project_id: Uuid, page: FeedPage, meta: MetaEntry | undefined): MetaEntry {
  const current_at = page.more ? (meta?.current_at ?? null) : new Date().toISOString();
  return { project_id, cursor: page.cursor, head: page.head, current_at };
}

type Change = FeedPage["changes"][number];

/** Kinds that this version does not know are passed over; a newer app starts over when its tables change. */
function byKind(page: FeedPage): Map<FeedKind, Change[]> {
  const sorted = new Map<FeedKind, Change[]>();
  for (const change of page.changes) {
    if (!isFeedKind(change.kind)) continue;
    const list = sorted.get(change.kind);
    if (list) list.push(change);
    else sorted.set(change.kind, [change]);
  }
  return sorted;
}

async function putRows(project_id: Uuid, kind: FeedKind, changes: Change[]): Promise<void> {
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
  const open = await db.acts
    .where("[project_id+state]")
    .anyOf([project_id, "waiting"], [project_id, "sending"])
    .toArray();
  for (const act of open.sort((a, b) => a.seq - b.seq)) {
    if (!act.before.some((before) => changed.has(before.id))) continue;
    const drawn = await applyProvisionally(payloadOf(act));
    const kept = new Map(act.before.map((before) => [before.id, before]));
    // What the feed did not touch still carries our own drawing, which is nothing to go back to.
    const before = drawn.map((fresh) => (changed.has(fresh.id) ? fresh : (kept.get(fresh.id) ?? fresh)));
    await db.acts.update(act.id, { before });
  }
}

/** Drop the replica of one project; the outbox is not touched. */
export async function forgetProject(project_id: Uuid): Promise<void> {
  await db.transaction("rw", ["meta", ...REPLICA_TABLES], async () => {
    await db.meta.delete(project_id);
    for (const table of REPLICA_TABLES) await db.table(table).where("project_id").equals(project_id).delete();
  });
}
