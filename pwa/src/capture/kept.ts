/** The bytes of a recorded file on this device: whole in `bytes`, or in the pieces of a recording. */
import { db, type FileEntry } from "./db";
import { dropMedia, mediaBlob, mediaRange } from "./pieces";
import type { Sha256, Uuid } from "./types";

/** Bytes that are read as they are needed. */
export interface Source {
  bytes: number;
  /** From `from` up to `to`, never more than there is. */
  range(from: number, to: number): Promise<ArrayBuffer>;
}

export function sourceOfBuffer(data: ArrayBuffer): Source {
  return { bytes: data.byteLength, range: (from, to) => Promise.resolve(data.slice(from, to)) };
}

/** Null when the bytes were given back. */
export async function sourceOf(file: FileEntry): Promise<Source | null> {
  const { media, bytes } = file;
  if (media) return { bytes, range: (from, to) => mediaRange(media, from, Math.min(to, bytes)) };
  const kept = await db.bytes.get([file.project_id, file.sha256]);
  return kept ? sourceOfBuffer(kept.data) : null;
}

/** As a blob of its type; null when this device does not know the file or has given its bytes back. */
export async function localBlob(project_id: Uuid, sha256: Sha256): Promise<Blob | null> {
  const file = await db.files.get([project_id, sha256]);
  if (!file) return null;
  if (file.media) return mediaBlob({ media: file.media, mime: file.mime });
  const kept = await db.bytes.get([project_id, sha256]);
  return kept ? new Blob([kept.data], { type: file.mime }) : null;
}

/** Give back the bytes of files that the server has verified. Returns how many files had any. */
export async function dropBytes(files: readonly FileEntry[]): Promise<number> {
  const keys = files.map((file): [Uuid, Sha256] => [file.project_id, file.sha256]);
  const kept = await db.bytes.where("[project_id+sha256]").anyOf(keys).primaryKeys();
  await db.bytes.bulkDelete(kept);
  const recorded = files.filter((file) => file.media);
  await dropMedia(recorded.map((file) => file.media!));
  for (const file of recorded) await db.files.where("[project_id+sha256]").equals([file.project_id, file.sha256]).modify((one) => void delete one.media);
  return kept.length + recorded.length;
}
