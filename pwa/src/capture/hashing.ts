/** The files of a record: hashed before it is signed, stored with it. */
import { sha256Hex } from "./bytes";
import { db, type ActEntry } from "./db";
import { NotRecordable } from "./errors";
import type { KeptMedia } from "./media";
import type { ActFile, CaptureKind, FileRole, Uuid } from "./types";

/** A file as a screen hands it over. */
export interface CaptureFile {
  data: Blob | ArrayBuffer | KeptMedia;
  /** Taken from the blob when it says one. */
  mime?: string;
  /** `photo`, `certificate`, `import`. */
  role: FileRole;
  /** What it shows, as the plan names it: role `photo` with subject `rebar_cover` becomes `photo:rebar_cover`. */
  subject?: string;
  capture: CaptureKind;
}

/** A file with its hash: its bytes, or the recording that holds them already. */
export interface Hashed {
  entry: ActFile;
  data: ArrayBuffer | Uuid;
}

export async function hashFiles(files: CaptureFile[]): Promise<Hashed[]> {
  const hashed: Hashed[] = [];
  // One after the other: ten photos of 12 megapixels at once are too much for a cheap phone's memory.
  for (const file of files) {
    const role = file.subject ? `${file.role}:${file.subject}` : file.role;
    if ("media" in file.data) {
      const { media, sha256, bytes, mime } = file.data;
      if (bytes === 0) throw new NotRecordable("A file is empty.");
      hashed.push({ entry: { sha256, bytes, mime: file.mime ?? mime, role, capture: file.capture }, data: media });
      continue;
    }
    const data = file.data instanceof Blob ? await file.data.arrayBuffer() : file.data;
    if (data.byteLength === 0) throw new NotRecordable("A file is empty.");
    const mime = file.mime || (file.data instanceof Blob && file.data.type) || "application/octet-stream";
    const entry = { sha256: await sha256Hex(data), bytes: data.byteLength, mime, role, capture: file.capture };
    hashed.push({ entry, data });
  }
  return hashed;
}

/** The same bytes in two acts are one file. What was verified before stays verified. */
export async function storeFile(act: ActEntry, file: Hashed): Promise<void> {
  const { sha256, bytes, mime } = file.entry;
  const known = await db.files.get([act.project_id, sha256]);
  if (known) {
    if (!known.act_ids.includes(act.id)) await db.files.put({ ...known, act_ids: [...known.act_ids, act.id] });
    return;
  }
  await db.files.add({
    project_id: act.project_id,
    sha256,
    bytes,
    mime,
    act_ids: [act.id],
    recorded_at: act.recorded_at,
    state: "waiting",
    attempts: 0,
    next_try_at: 0,
    problem: null,
    verified_at: null,
    dismissed: false,
    ...(typeof file.data === "string" ? { media: file.data } : {}),
  });
  if (typeof file.data !== "string") await db.bytes.put({ project_id: act.project_id, sha256, data: file.data });
}
