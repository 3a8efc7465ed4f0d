/**
 * The feed: brings a project down by cursor and keeps the replica true.
 *
 * Rows and cursor are stored in one transaction, so that a break in the middle loses and skips nothing.
 * What this device has recorded and the server has not answered yet is drawn again over the fresh rows.
 * A project that is too large for one page, and one whose position has expired, comes as a snapshot first.
 */
import { callJson, withQuery } from "./api";
import { db, type MetaEntry } from "./db";
import { ProblemError } from "./errors";
import { casesReady } from "./provisional";
import { putChanges, REPLICA_STORES } from "./replica";
import { isSnapshotBegun, loadSnapshot } from "./snapshot";
import type { FeedPage, Uuid } from "./types";

const PAGE = 1000;

/** Pull until nothing newer exists. Returns whether anything changed. Throws as `call` does; what came, stays. */
export async function pullFeed(project_id: Uuid, signal?: AbortSignal): Promise<boolean> {
  // What was cut off goes on where it was; asking the feed first would draw a page for nothing.
  let loaded = await isSnapshotBegun(project_id);
  if (loaded) await loadSnapshot(project_id, signal);
  let changed = loaded;
  for (;;) {
    const meta = await db.meta.get(project_id);
    const page = await nextPage(project_id, meta, signal).catch((error: unknown) => {
      // Expired: deletions were forgotten, or the server was restored from a backup. Twice would be for ever.
      if (error instanceof ProblemError && error.code === "cursor-expired" && !loaded) return "expired" as const;
      throw error;
    });
    if (page === "expired" || (!meta && page.more && !loaded)) {
      await loadSnapshot(project_id, signal);
      loaded = changed = true;
      continue;
    }
    await applyPage(project_id, meta, page);
    changed ||= page.changes.length > 0;
    if (!page.more) return changed;
  }
}

function nextPage(project_id: Uuid, meta: MetaEntry | undefined, signal?: AbortSignal): Promise<FeedPage> {
  const from = { cursor: meta?.cursor ?? 0, after: meta?.after };
  const path = withQuery("/api/feed", { project: project_id, ...from, limit: PAGE });
  return callJson<FeedPage>(path, signal ? { signal } : {});
}

async function applyPage(project_id: Uuid, from: MetaEntry | undefined, page: FeedPage): Promise<void> {
  await casesReady();
  await db.transaction("rw", REPLICA_STORES, async () => {
    const meta = await db.meta.get(project_id);
    // Another tab was quicker; its page and ours would be the same rows again.
    if (meta?.cursor !== from?.cursor || meta?.after !== from?.after) return;
    await putChanges(project_id, page.changes);
    await db.meta.put(advance(project_id, page, meta));
  });
}

function advance(project_id: Uuid, page: FeedPage, meta: MetaEntry | undefined): MetaEntry {
  const current_at = page.more ? (meta?.current_at ?? null) : new Date().toISOString();
  return { project_id, cursor: page.cursor, after: page.after ?? null, head: page.head, current_at };
}
