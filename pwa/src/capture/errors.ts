/** What the engine refuses, each named for the fact; `code` is stable and is what screens translate. */
import type { Problem } from "./types";

export class CaptureError extends Error {
  constructor(
    /** A slug, as in `/problems/<slug>`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The server answered with a problem document. `problem.detail` is a sentence in the reader's language. */
export class ProblemError extends CaptureError {
  constructor(
    readonly problem: Problem,
    /** Milliseconds after which the server wants to be asked again, when it said so. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(problem.type.split("/").pop() || "unknown", problem.detail ?? problem.title);
  }
  get status(): number {
    return this.problem.status;
  }
}

/** No answer came: no line, a broken line, or a time-out. Nothing is known about what the server did. */
export class Offline extends CaptureError {
  constructor(cause?: unknown) {
    super("offline", "The server did not answer.", { cause });
  }
}

/** Nobody is signed in, or the session has ended and the person must sign in again. */
export class NotSignedIn extends CaptureError {
  constructor() {
    super("not-signed-in", "Nobody is signed in on this device.");
  }
}

/** No project is chosen. */
export class NoProject extends CaptureError {
  constructor() {
    super("no-project", "No project is chosen.");
  }
}

/** Something of this device has not reached the server; leaving would lose it. */
export class UnsentWork extends CaptureError {
  constructor(
    readonly acts: number,
    readonly files: number,
  ) {
    super("unsent-work", `${acts} acts and ${files} files have not reached the server.`);
  }
}

/** The browser has no room left; nothing of this record was stored. */
export class StorageFull extends CaptureError {
  constructor(cause?: unknown) {
    super("storage-full", "This device has no room left; nothing was stored.", { cause });
  }
}

/** The browser's database does not answer, also on a fresh connection. Nothing of this record was stored. */
export class DatabaseLost extends CaptureError {
  constructor(cause?: unknown) {
    super("database-lost", "The database of this device does not answer; export what is unsent.", { cause });
  }
}

/** Whether an error says that the device is full. Dexie wraps what ended a transaction in an error of its own. */
export function isQuota(error: unknown): boolean {
  for (let one = error; one; one = (one as { inner?: unknown }).inner) {
    if ((one as { name?: unknown }).name === "QuotaExceededError") return true;
  }
  return false;
}

/** The record breaks the strict profile of acts (a float, too deep, too large, an empty file). A fault of the screen. */
export class NotRecordable extends CaptureError {
  constructor(message: string) {
    super("not-recordable", message);
  }
}

/** This device has no key for the chain; signing in makes one. */
export class NoKey extends CaptureError {
  constructor() {
    super("no-key", "This device has no signing key.");
  }
}
