/** Photos of a form before it is recorded: their bytes, what they show, how and where they were taken. */
import { currentWhere, type CaptureFile, type CaptureKind, type Where } from "../../capture";

export interface Shot {
  id: string;
  /** The file as it was first encoded; nothing is encoded again. */
  data: ArrayBuffer;
  mime: string;
  /** `e1` …: the evidence of the plan that it stands for; "" for any other photo. */
  subject: string;
  capture: CaptureKind;
  /** Position at the shutter. */
  where: Where | null;
}

/** A shot of bytes that are there. The position is that of this moment for the camera, and unknown for a gallery. */
export async function shotOf(blob: Blob, subject: string, capture: CaptureKind): Promise<Shot> {
  return {
    id: crypto.randomUUID(),
    data: await blob.arrayBuffer(),
    mime: blob.type || "application/octet-stream",
    subject,
    capture,
    where: capture === "gallery" || capture === "document" ? null : currentWhere(),
  };
}

/** What `record` takes. */
export function captureFiles(shots: readonly Shot[], role: string): CaptureFile[] {
  return shots.map(({ data, mime, subject, capture }) => {
    const file: CaptureFile = { data, mime, role, capture };
    return subject ? { ...file, subject } : file;
  });
}

/** The position for the act: that of the newest shot which has one, else of this moment. */
export function whereOf(shots: readonly Shot[]): Where | null {
  return [...shots].reverse().find((shot) => shot.where !== null)?.where ?? currentWhere();
}
