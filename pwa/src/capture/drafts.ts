/** Forms that somebody has begun: kept on each change, so that a call or an empty battery loses nothing. */
import { db, type DraftEntry } from "./db";
import { live } from "./live";
import type { Uuid } from "./types";

/**
 * Keep a draft. `value` is anything IndexedDB can hold, photos as ArrayBuffer included; no proxies (`$state.snapshot`).
 * `media` are the recordings that it names; what no draft and no record names is given back after a day.
 */
export async function saveDraft(key: string, project_id: Uuid, kind: string, value: unknown, media: Uuid[] = []): Promise<void> {
  await db.drafts.put({ key: await mine(key), project_id, kind, saved_at: new Date().toISOString(), value, media });
}

/** The value of a draft; undefined when there is none. The caller knows its shape by `kind`. */
export async function loadDraft(key: string): Promise<unknown> {
  return ((await db.drafts.get(await mine(key))) ?? (await db.drafts.get(key)))?.value;
}

export async function deleteDraft(key: string): Promise<void> {
  await db.drafts.bulkDelete([await mine(key), key]);
}

/** A draft is its writer's, on a phone that several people use. The bare key is that of earlier releases. */
export function draftOf(person_id: Uuid, key: string): string {
  return `${person_id}|${key}`;
}

async function mine(key: string): Promise<string> {
  const session = await db.session.get("current");
  return session ? draftOf(session.person.id, key) : key;
}

/** All drafts of a project, newest first. */
export function drafts(project_id: Uuid) {
  return live<DraftEntry[]>(async () => {
    const found = await db.drafts.filter((draft) => draft.project_id === project_id).toArray();
    return found.sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1));
  });
}
