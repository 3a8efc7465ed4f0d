/** Photos and recordings of a form before it is recorded: their bytes, what they show, how and where they were taken. */
import { currentWhere, sha256Hex, type CaptureFile, type CaptureKind, type KeptMedia, type Refused, type Where } from "../../capture";
import { jpegOf } from "./heic";

export interface Shot {
  id: string;
  /** The file as it was first encoded; nothing is encoded again. Empty for a recording. */
  data: ArrayBuffer;
  mime: string;
  /** `e1` …: the evidence of the plan that it stands for; "" for any other photo. */
  subject: string;
  capture: CaptureKind;
  /** A video or voice note, whose bytes stand on this phone in pieces. */
  media?: KeptMedia;
  /** What the file is when it is no photo: `voice`, or `markup:` and the hash of the original. */
  role?: string;
  /** The shot of which this is a marked copy. */
  copyOf?: string;
  /** What this phone can show of an original that others cannot open, and the role that ties the two. */
  preview?: { data: ArrayBuffer; role: string };
  /** Position at the shutter. */
  where: Where | null;
}

/** One thing to be photographed. */
export interface Subject {
  /** `e1` …, or "". */
  id: string;
  label: string;
  /** Shots needed; 0 when they are only wanted if there is something to show. */
  needed: number;
}

/** Whether a shot stands for a subject. Voice notes and marked copies stand for none. */
export function isOf(shot: Shot, subject: string): boolean {
  return shot.subject === subject && shot.role === undefined;
}

/** A shot of bytes that are there. The position is that of this moment for the camera, and unknown for a gallery. */
export async function shotOf(blob: Blob, subject: string, capture: CaptureKind): Promise<Shot> {
  // Before anything is waited for: reading a large photo takes a while.
  const where = capture === "gallery" || capture === "document" ? null : currentWhere();
  const data = await blob.arrayBuffer();
  const preview = await jpegOf(blob);
  return {
    id: crypto.randomUUID(),
    data,
    ...(preview ? { preview: { data: preview, role: `preview:${await sha256Hex(data)}` } } : {}),
    mime: blob.type || "application/octet-stream",
    subject,
    capture,
    where,
  };
}

/** The photos that a refused record held and this phone still has, of one role: the same bytes, from the same moment. */
export function shotsAgain({ payload, files }: Refused, role: string): Shot[] {
  return files.flatMap(({ entry: { mime, role: own, capture }, data }) => {
    const [first, subject = ""] = own.split(":");
    return first === role ? [{ id: crypto.randomUUID(), data, mime, subject, capture, where: payload.where }] : [];
  });
}

/** A shot of a recording that is kept already. */
export function mediaShot(media: KeptMedia, subject: string, capture: CaptureKind, role?: string): Shot {
  const where = capture === "gallery" ? null : currentWhere();
  return { id: crypto.randomUUID(), data: new ArrayBuffer(0), mime: media.mime, subject, capture, media, where, ...(role ? { role } : {}) };
}

/** A copy with marks: a file of its own that names its original's hash. */
export async function markedShot(copy: Blob, original: Shot): Promise<Shot> {
  const marked = await shotOf(copy, "", "markup");
  return { ...marked, role: `markup:${await sha256Hex(original.data)}`, where: original.where, copyOf: original.id };
}

/** What `record` takes. */
export function captureFiles(shots: readonly Shot[], role: string): CaptureFile[] {
  return shots.flatMap(({ data, media, mime, subject, capture, preview, role: own }) => {
    const file: CaptureFile = { data: media ?? data, mime, role: own ?? role, capture };
    const original = subject ? { ...file, subject } : file;
    return preview ? [original, { ...preview, mime: "image/jpeg", capture: "preview" as const }] : [original];
  });
}

/** The shots that a record was kept without. */
export function notKept(shots: readonly Shot[], left_out: readonly CaptureFile[]): Shot[] {
  return shots.filter((shot) => left_out.some((file) => file.data === (shot.media ?? shot.data)));
}

/** The recordings among them, so that a draft keeps their pieces. */
export function mediaOf(shots: readonly Shot[]): string[] {
  return shots.flatMap((shot) => (shot.media ? [shot.media.media] : []));
}

/** The position for the act: that of the newest shot which has one, else of this moment. */
export function whereOf(shots: readonly Shot[]): Where | null {
  return [...shots].reverse().find((shot) => shot.where !== null)?.where ?? currentWhere();
}
