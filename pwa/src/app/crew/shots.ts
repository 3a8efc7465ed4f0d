/** Photos of a form before it is recorded: their bytes, what they show, how and where they were taken. */
import { currentWhere, sha256Hex, type CaptureFile, type CaptureKind, type Where } from "../../capture";
import { jpegOf } from "./heic";

export interface Shot {
  id: string;
  /** The file as it was first encoded; nothing is encoded again. */
  data: ArrayBuffer;
  mime: string;
  /** `e1` …: the evidence of the plan that it stands for; "" for any other photo. */
  subject: string;
  capture: CaptureKind;
  /** What this phone can show of an original that others cannot open, and the role that ties the two. */
  preview?: { data: ArrayBuffer; role: string };
  /** Position at the shutter. */
  where: Where | null;
}

/** A shot of bytes that are there. The position is that of this moment for the camera, and unknown for a gallery. */
export async function shotOf(blob: Blob, subject: string, capture: CaptureKind): Promise<Shot> {
  const data = await blob.arrayBuffer();
  const preview = await jpegOf(blob);
  return {
    id: crypto.randomUUID(),
    data,
    ...(preview ? { preview: { data: preview, role: `preview:${await sha256Hex(data)}` } } : {}),
    mime: blob.type || "application/octet-stream",
    subject,
    capture,
    where: capture === "gallery" || capture === "document" ? null : currentWhere(),
  };
}

/** What `record` takes. */
export function captureFiles(shots: readonly Shot[], role: string): CaptureFile[] {
  return shots.flatMap(({ data, mime, subject, capture, preview }) => {
    const file: CaptureFile = { data, mime, role, capture };
    const original = subject ? { ...file, subject } : file;
    return preview ? [original, { ...preview, mime: "image/jpeg", capture: "preview" as const }] : [original];
  });
}

/** The position for the act: that of the newest shot which has one, else of this moment. */
export function whereOf(shots: readonly Shot[]): Where | null {
  return [...shots].reverse().find((shot) => shot.where !== null)?.where ?? currentWhere();
}
