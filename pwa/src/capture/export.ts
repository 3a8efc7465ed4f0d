/** Everything unsent as one ZIP, for the day on which a phone must be saved by hand. */
import type { Zippable } from "fflate";
import { fromBase64, utf8 } from "./bytes";
import { db, type ActEntry, type FileEntry } from "./db";
import type { Instant } from "./types";
import { unsentActs, unsentFiles } from "./unsent";

/**
 * A ZIP with `manifest.json`, `acts/<seq>-<id>.json` (the envelope as it would be sent), beside it
 * `<…>.payload.json` (the signed text, readable), and `originals/<sha256>`. Photos are compressed already,
 * so the archive only stores.
 */
export async function exportUnsent(): Promise<Blob> {
  const [acts, files] = await Promise.all([unsentActs(), unsentFiles()]);
  const entries: Zippable = { "manifest.json": utf8(JSON.stringify(manifest(acts, files), null, 2)) };
  for (const act of acts) {
    const name = `acts/${String(act.seq).padStart(8, "0")}-${act.id}`;
    entries[`${name}.json`] = utf8(JSON.stringify(act.envelope));
    entries[`${name}.payload.json`] = fromBase64(act.envelope.payload);
  }
  for (const file of files) {
    const kept = await db.bytes.get([file.project_id, file.sha256]);
    if (kept) entries[`originals/${file.sha256}`] = new Uint8Array(kept.data);
  }
  // Needed on the worst day only, so it is no part of the first load; the service worker has it without a line.
  const { zipSync } = await import("fflate");
  return new Blob([zipSync(entries, { level: 0 })], { type: "application/zip" });
}

function manifest(acts: ActEntry[], files: FileEntry[]): object {
  const made_at: Instant = new Date().toISOString();
  return {
    format: "plumbline-outbox",
    version: 1,
    made_at,
    acts: acts.map(({ id, project_id, device_id, seq, type }) => ({ id, project_id, device_id, seq, type })),
    files: files.map(({ project_id, sha256, bytes, mime }) => ({ project_id, sha256, bytes, mime })),
  };
}
