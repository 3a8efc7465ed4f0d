/**
 * The outbox, second half: files. A file goes only after an act that lists it was answered, and it counts as sent
 * only when the server has read it back and said `verified`. Each file fails alone.
 */
import { call, callJson } from "./api";
import { backoffMs } from "./backoff";
import { db, type FileEntry } from "./db";
import { NotSignedIn, Offline, ProblemError } from "./errors";
import { readJson } from "./http";
import { dropBytes, sourceOf, type Source } from "./kept";
import { lineBroke, lineCarried, lineWorth } from "./line";
import type { Sha256, UploadIntent, UploadResult, Uuid } from "./types";
import { ownFiles } from "./owner";
import { carry, CutOff, pause, PATIENCE, PAUSE_MS, wayFor } from "./ways";

const KEEP_VERIFIED_MS = 14 * 24 * 3600_000;

type Key = [Uuid, Sha256];
const keyOf = (file: FileEntry): Key => [file.project_id, file.sha256];

/**
 * Take the next file that is due and may go, oldest first, and mark it as on its way; null when there is none. In one
 * transaction, so that two carriers never take the same.
 */
export async function takeFile(): Promise<FileEntry | null> {
  return db.transaction("rw", db.files, db.acts, db.people, db.keys, async () => {
    const waiting = await ownFiles(await db.files.where("state").equals("waiting").toArray());
    const due = waiting.filter((file) => file.next_try_at <= Date.now());
    due.sort((a, b) => (a.recorded_at < b.recorded_at ? -1 : 1));
    for (const file of due) {
      if (!(await isNamedAtServer(file))) continue;
      await db.files.update(keyOf(file), { state: "sending" });
      return file;
    }
    return null;
  });
}

async function isNamedAtServer(file: FileEntry): Promise<boolean> {
  const acts = await db.acts.bulkGet(file.act_ids);
  return acts.some((act) => act?.verdict != null);
}

/**
 * Send one file that was taken. Call it only under the lock `outbox`. Resolves to whether it is verified; a failure of
 * this file is written beside it. Throws Offline or NotSignedIn when nothing can be sent to anybody.
 */
export async function sendFile(file: FileEntry, signal?: AbortSignal): Promise<boolean> {
  try {
    await transfer(file, signal);
    await verified(file);
    return true;
  } catch (error) {
    if (error instanceof Offline) await lineBroke();
    if (error instanceof ProblemError && FINAL.has(error.code)) {
      await db.files.update(keyOf(file), { state: "needs-attention", problem: error.problem });
      return false;
    }
    await postpone(file, error);
    if (error instanceof NotSignedIn || (error instanceof Offline && !(error instanceof CutOff))) throw error;
    return false;
  }
}

/** What the server says of the bytes themselves; sending the same again changes nothing. */
const FINAL = new Set(["file-digest-mismatch", "file-empty", "file-too-large"]);
/** An address that has ended, by our own server or by a store. */
const ENDED = new Set([403, 410]);

async function transfer(file: FileEntry, signal?: AbortSignal): Promise<void> {
  const kept = await sourceOf(file);
  if (!kept) throw new Error(`The bytes of ${file.sha256} are not on this device.`);
  await deliver(file, kept, signal);
}

/** What the server is told of a file. */
export type Deliverable = Pick<FileEntry, "project_id" | "sha256" | "bytes" | "mime">;

/** Resolves when the server has read the bytes back and verified them; false when it had verified them before. */
export async function deliver(file: Deliverable, data: Source, signal?: AbortSignal): Promise<boolean> {
  const options = signal ? { signal } : {};
  const uploads = `/api/projects/${file.project_id}/uploads`;
  const upload_id = await bring(file, data, signal);
  if (!upload_id) return false;
  const { status } = await completed(`${uploads}/${upload_id}/complete`, options);
  if (status !== "verified") throw new Error(`The server answered ${String(status)} for a file.`);
  return true;
}

/**
 * Asked again when the answer is lost or the server is still reading: whoever begins anew meanwhile gets another upload,
 * and sends every byte again.
 */
async function completed(url: string, options: { signal?: AbortSignal }): Promise<UploadResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readJson<UploadResult>(await call(url, { method: "POST", timeoutMs: 120_000, ...options }));
    } catch (error) {
      const passes = error instanceof Offline || (error instanceof ProblemError && error.code === "file-being-checked");
      if (!passes || tries > PATIENCE) throw error;
      await pause(PAUSE_MS * tries, options.signal);
    }
  }
}

/** Bring the bytes there; null when the server has them. An address that has ended is asked for once more. */
async function bring(file: Deliverable, data: Source, signal?: AbortSignal): Promise<Uuid | null> {
  for (let again = false; ; again = true) {
    const intent = await intend(file, signal);
    if (intent.state === "verified") return null;
    if (!intent.upload_id) throw new Offline(new Error("The answer names no upload for the file."));
    const way = wayFor(file.bytes, intent, await lineWorth());
    const began = performance.now();
    try {
      await carry(way, intent, data, signal);
      if (way !== "parts") await lineCarried(file.bytes - (way === "chunks" ? intent.chunks!.offset : 0), performance.now() - began);
      return intent.upload_id;
    } catch (error) {
      if (again || !(error instanceof ProblemError) || !ENDED.has(error.status)) throw error;
    }
  }
}

async function intend(file: Deliverable, signal?: AbortSignal): Promise<UploadIntent> {
  const json = { files: [{ sha256: file.sha256, bytes: file.bytes, mime: file.mime }] };
  const asked = { method: "POST" as const, json, ...(signal ? { signal } : {}) };
  const { uploads } = await callJson<{ uploads: UploadIntent[] }>(`/api/projects/${file.project_id}/uploads`, asked);
  const intent = uploads.find((one) => one.sha256 === file.sha256);
  if (!intent) throw new Offline(new Error("The answer does not name the file."));
  return intent;
}

async function verified(file: FileEntry): Promise<void> {
  const verified_at = new Date().toISOString();
  await db.files.update(keyOf(file), { state: "sent", verified_at, attempts: 0, next_try_at: 0, problem: null });
}

async function postpone(file: FileEntry, error: unknown): Promise<void> {
  const problem = error instanceof ProblemError ? error.problem : null;
  const attempts = error instanceof NotSignedIn ? file.attempts : file.attempts + 1;
  const wait = error instanceof NotSignedIn ? 0 : Math.max(retryAfter(error), backoffMs(attempts));
  await db.files.update(keyOf(file), { state: "waiting", attempts, next_try_at: Date.now() + wait, problem });
}

function retryAfter(error: unknown): number {
  return error instanceof ProblemError ? (error.retryAfterMs ?? 0) : 0;
}

/** Try a file again that needs attention. */
export async function retryFile(project_id: Uuid, sha256: Sha256): Promise<void> {
  await db.files.update([project_id, sha256], { state: "waiting", attempts: 0, next_try_at: 0, dismissed: false });
}

/** Put a file aside that the server refused after reading it. Its bytes stay here until sign-out. */
export async function dismissFile(project_id: Uuid, sha256: Sha256): Promise<boolean> {
  const changed = await db.files
    .where("[project_id+sha256]")
    .equals([project_id, sha256])
    .and((file) => file.state === "needs-attention")
    .modify({ dismissed: true });
  return changed > 0;
}

/** Remove bytes that the server verified more than 14 days ago. Returns how many files gave up their bytes. */
export async function dropOldBytes(now: number = Date.now()): Promise<number> {
  const limit = new Date(now - KEEP_VERIFIED_MS).toISOString();
  const old = await db.files.where("verified_at").below(limit).toArray();
  return dropBytes(old);
}
