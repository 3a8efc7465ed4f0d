/** Whose a record is: people who handed the phone over keep theirs to themselves. */
import { db, type ActEntry, type FileEntry } from "./db";
import type { Uuid } from "./types";

/**
 * Devices whose acts lie still: those of people whose session is sealed. Keys of people who signed out long ago are not
 * among them: their work, if any is left, is signed and may go with anybody's line.
 */
export async function sealedDevices(): Promise<ReadonlySet<Uuid>> {
  const sealed = await db.people.toCollection().primaryKeys();
  if (sealed.length === 0) return NOBODY;
  const keys = await db.keys.toArray();
  return new Set(keys.filter((key) => sealed.includes(key.person_id)).map((key) => key.device_id));
}

const NOBODY: ReadonlySet<Uuid> = new Set();

/** The acts that are not somebody's who has handed the phone over. */
export async function ownActs(acts: ActEntry[]): Promise<ActEntry[]> {
  const sealed = await sealedDevices();
  return sealed.size === 0 ? acts : acts.filter((act) => !sealed.has(act.device_id));
}

/** The files that at least one such act names. */
export async function ownFiles(files: FileEntry[]): Promise<FileEntry[]> {
  const sealed = await sealedDevices();
  if (sealed.size === 0) return files;
  const acts = await db.acts.bulkGet(files.flatMap((file) => file.act_ids));
  const own = new Set(acts.flatMap((act) => (act && !sealed.has(act.device_id) ? [act.id] : [])));
  return files.filter((file) => file.act_ids.some((id) => own.has(id)));
}
