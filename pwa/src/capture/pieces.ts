/** Recordings on this device: pieces that are read back, given back, and swept when nothing names them. */
import { db } from "./db";
import { CaptureError } from "./errors";
import { sturdily } from "./sturdy";
import type { Uuid } from "./types";

/** No stored piece is longer, so that each range is found by few reads. */
export const PIECE_BYTES = 1024 * 1024;
/** Recorded and never made part of anything: kept for a form that is still open somewhere, then given back. */
const LOST_MS = 24 * 3600_000;

export class MediaGone extends CaptureError {
  constructor() {
    super("media-gone", "The recording is no longer on this device.");
  }
}

/** All of it, for a player. Each piece goes into the browser's blob store before the next is read. */
export async function mediaBlob({ media, mime }: { media: Uuid; mime: string }): Promise<Blob> {
  const parts: Blob[] = [];
  for (const key of await db.pieces.where("media").equals(media).primaryKeys()) {
    const piece = await db.pieces.get(key);
    if (piece) parts.push(new Blob([piece.data]));
  }
  if (parts.length === 0) throw new MediaGone();
  return new Blob(parts, { type: mime });
}

/** The bytes from `from` up to `to`. */
export async function mediaRange(media: Uuid, from: number, to: number): Promise<ArrayBuffer> {
  const pieces = await db.pieces.where("[media+at]").between([media, Math.max(0, from - PIECE_BYTES + 1)], [media, to]).toArray();
  const whole = new Uint8Array(to - from);
  let filled = 0;
  for (const { at, data } of pieces) {
    const [start, end] = [Math.max(from, at), Math.min(to, at + data.byteLength)];
    if (end <= start) continue;
    whole.set(new Uint8Array(data, start - at, end - start), start - from);
    filled += end - start;
  }
  if (filled !== to - from) throw new MediaGone();
  return whole.buffer;
}

export async function dropMedia(media: readonly Uuid[]): Promise<void> {
  if (media.length > 0) await sturdily(() => db.pieces.where("media").anyOf([...media]).delete());
}

/** Give back recordings of a day ago that neither a record nor a draft names. Returns how many. */
export async function dropLostMedia(now: number = Date.now()): Promise<number> {
  const all = (await db.pieces.orderBy("media").uniqueKeys()) as Uuid[];
  const old = all.filter((media) => begunAt(media) < now - LOST_MS);
  if (old.length === 0) return 0;
  const [files, drafts] = await Promise.all([db.files.where("media").anyOf(old).toArray(), db.drafts.where("media").anyOf(old).toArray()]);
  const named = new Set([...files.map((file) => file.media), ...drafts.flatMap((draft) => draft.media ?? [])]);
  const lost = old.filter((media) => !named.has(media));
  await dropMedia(lost);
  return lost.length;
}

/** A UUIDv7 begins with its milliseconds. */
function begunAt(media: Uuid): number {
  return parseInt(media.replaceAll("-", "").slice(0, 12), 16);
}
