/** Everything unsent as one ZIP, for the day on which a phone must be saved by hand. */
import { fromBase64, utf8 } from "./bytes";
import type { ActEntry, FileEntry } from "./db";
import { sourceOf, type Source } from "./kept";
import type { KeptMedia } from "./media";
import { mediaBlob } from "./pieces";
import type { Instant } from "./types";
import { unsentActs, unsentFiles } from "./unsent";

const STEP_BYTES = 4 * 1024 * 1024;

/** A form that could not be stored, with the photos it holds; for a database that does not answer any more. */
export interface InHand {
  form: unknown;
  /** Photos as they are; recordings as far as their pieces can still be read. */
  files: { name: string; data: ArrayBuffer | KeptMedia }[];
}

/**
 * A ZIP with `manifest.json`, `acts/<seq>-<id>.json` (the envelope as it would be sent), beside it
 * `<…>.payload.json` (the signed text, readable), and `originals/<sha256>`. Photos are compressed already,
 * so the archive only stores; it is written piece by piece, for a video need not fit into memory.
 *
 * What is `inHand` stands in `form/`, whatever the database says; without it a database that fails is an error.
 */
export async function exportUnsent(inHand?: InHand): Promise<Blob> {
  const [acts, files] = await unsent(inHand);
  const archive = await openArchive();
  if (inHand) {
    archive.add("form/form.json", utf8(JSON.stringify(inHand.form, null, 2)));
    for (const [at, { name, data }] of inHand.files.entries()) {
      const whole = "media" in data ? await mediaBlob(data).then((blob) => blob.arrayBuffer()).catch(unreadable(inHand)) : data;
      if (whole) archive.add(`form/${at + 1}-${name}`, new Uint8Array(whole));
    }
  }
  archive.add("manifest.json", utf8(JSON.stringify(manifest(acts, files), null, 2)));
  for (const act of acts) {
    const name = `acts/${String(act.seq).padStart(8, "0")}-${act.id}`;
    archive.add(`${name}.json`, utf8(JSON.stringify(act.envelope)));
    archive.add(`${name}.payload.json`, fromBase64(act.envelope.payload));
  }
  for (const file of files) {
    const poured = sourceOf(file).then((kept) => kept && archive.pour(`originals/${file.sha256}`, kept));
    await poured.catch(unreadable(inHand));
  }
  return archive.end();
}

async function unsent(inHand: InHand | undefined): Promise<[ActEntry[], FileEntry[]]> {
  const read = Promise.all([unsentActs(), unsentFiles()]);
  return (await read.catch(unreadable(inHand))) ?? [[], []];
}

/** What cannot be read is left out beside a form in hand: that is then all that can be saved. */
function unreadable(inHand: InHand | undefined): (error: unknown) => null {
  return (error) => {
    if (!inHand) throw error;
    console.warn("Left out of the export", error);
    return null;
  };
}

async function openArchive() {
  // Needed on the worst day only, so it is no part of the first load; the service worker has it without a line.
  const { Zip, ZipPassThrough } = await import("fflate");
  const parts: Blob[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    // A blob of its own at once, so that the browser may put it on the disk.
    parts.push(new Blob([chunk]));
  });
  const begin = (name: string) => {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    return entry;
  };
  return {
    add: (name: string, content: Uint8Array) => void begin(name).push(content, true),
    async pour(name: string, from: Source): Promise<void> {
      let entry: ReturnType<typeof begin> | undefined;
      for (let at = 0; at < from.bytes; at += STEP_BYTES) {
        const end = Math.min(at + STEP_BYTES, from.bytes);
        const part = new Uint8Array(await from.range(at, end));
        // Begun with its first bytes: what cannot be read at all leaves no half entry behind.
        entry ??= begin(name);
        entry.push(part, end === from.bytes);
      }
    },
    end(): Blob {
      zip.end();
      return new Blob(parts, { type: "application/zip" });
    },
  };
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
