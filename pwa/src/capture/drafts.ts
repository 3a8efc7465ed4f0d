/** Forms that somebody has begun: kept on each change, so that a call or an empty battery loses nothing. */
import { db, type DraftEntry } from "./db";
import { live } from "./live";
import { makingRoom } from "./room";
import { sturdily } from "./sturdy";
import type { Uuid } from "./types";

/**
 * Keep a draft. `value` is anything IndexedDB can hold, photos as ArrayBuffer included; no proxies (`$state.snapshot`).
 * `media` are the recordings that it names; what no draft and no record names is given back after a day.
 */
export async function saveDraft(key: string, project_id: Uuid, kind: string, value: unknown, media: Uuid[] = []): Promise<void> {
  const saved_at = new Date().toISOString();
  await inTurn(key, (owned) => makingRoom(false, () => db.drafts.put({ key: owned, project_id, kind, saved_at, value, media })));
}

/** The value of a draft; undefined when there is none. The caller knows its shape by `kind`. */
export async function loadDraft(key: string): Promise<unknown> {
  await draftsWritten();
  const owned = await mine(key);
  return (await sturdily(() => db.drafts.bulkGet([owned, key]))).find((one) => one !== undefined)?.value;
}

export async function deleteDraft(key: string): Promise<void> {
  await inTurn(key, (owned) => db.drafts.bulkDelete([owned, key]));
}

let line: Promise<unknown> = Promise.resolve();

/** One after the other, so that what is tried again never comes over what was written later. */
async function inTurn(key: string, write: (owned: string) => Promise<unknown>): Promise<void> {
  // Whose it is, is asked now and not when its turn has come: by then the phone may have changed hands.
  const done = Promise.all([mine(key), line]).then(([owned]) => sturdily(() => write(owned)));
  line = Promise.allSettled([line, done]).then(() => undefined);
  await done;
}

/** Resolves when no draft is on its way into the database any more: a record takes its draft with it, once and for all. */
export async function draftsWritten(): Promise<void> {
  await line;
}

/** A draft is its writer's, on a phone that several people use. The bare key is that of earlier releases. */
export function draftOf(person_id: Uuid, key: string): string {
  return `${person_id}|${key}`;
}

async function mine(key: string): Promise<string> {
  const session = await sturdily(() => db.session.get("current"));
  return session ? draftOf(session.person.id, key) : key;
}

/** All drafts of a project, newest first. */
export function drafts(project_id: Uuid) {
  return live<DraftEntry[]>(async () => {
    const found = await db.drafts.filter((draft) => draft.project_id === project_id).toArray();
    return found.sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1));
  });
}
