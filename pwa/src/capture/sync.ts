/**
 * Synchronization: one sender across all tabs, acts first, then the feed, then files, then what was deferred.
 *
 * It runs at the start, when the page comes to the front, when the browser thinks there is a line, after each record,
 * when a person asks, and by a timer. There is no last attempt.
 */
import { holdUpdate } from "../shared/update";
import { writable, type Readable } from "../shared/store";
import { backoffMs } from "./backoff";
import { db } from "./db";
import { isQuota, NotSignedIn, Offline, ProblemError } from "./errors";
import { exclusive } from "./locks";
import { recheckDeferred, recoverInterrupted, sendActs } from "./outbox";
import { me } from "./session";
import { passSignal } from "./stopping";
import type { Instant, Problem } from "./types";
import { onWake } from "./wake";

export interface SyncStatus {
  /** What is going on in any tab: `idle`, `acts` or `files` on their way, the `feed` coming. */
  phase: "idle" | "acts" | "feed" | "files";
  /** The last pass spoke with the server. Null before the first pass. */
  reached: boolean | null;
  /** When the last complete pass ended. */
  last_at: Instant | null;
  /** The person must sign in again before anything can be sent. */
  signed_out: boolean;
  /** What ended the last pass early, other than silence. */
  problem: Problem | null;
}

const status = writable<SyncStatus>({ phase: "idle", reached: null, last_at: null, signed_out: false, problem: null });
/** How synchronization goes, the same in all tabs. */
export const syncStatus: Readable<SyncStatus> = status;

const TICK_MS = 30_000;
/** Roles and projects change seldom; who waits to be admitted asks at each pass. */
const ME_MS = 5 * 60_000;
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("plumbline:sync");
// Node keeps a process alive for an open channel; browsers have no unref.
(channel as { unref?: () => void } | null)?.unref?.();
channel?.addEventListener("message", (event: MessageEvent<SyncStatus>) => status.set(event.data));

function say(change: Partial<SyncStatus>): void {
  status.set({ ...status.get(), ...change });
  channel?.postMessage(status.get());
}

let queued: Promise<void> | null = null;
/** Passes in a row that did not end well, and what a busy server asked for. */
let failures = 0;
let askedToWaitMs = 0;
let askedMeAt = 0;

/**
 * One complete pass, or the one that is already waiting for its turn. Never rejects for a line or a server that fails:
 * `syncStatus` says how it went.
 */
export function sync(): Promise<void> {
  queued ??= exclusive("outbox", async () => {
    // A lock that is free may be given at once, before `queued` is set.
    await Promise.resolve();
    // From here on, new work needs a new pass: this one may already be past it.
    queued = null;
    await pass();
  });
  return queued;
}

/** A pass in which everything waiting is due at once: for a person's tap, a line that came back, a page that woke. */
export async function syncNow(): Promise<void> {
  await makeAllDue();
  await sync();
}

async function pass(): Promise<void> {
  const session = await db.session.get("current");
  if (!session || session.expired) return say({ phase: "idle", signed_out: session?.expired === true });
  const giveBack = holdUpdate();
  try {
    await fitting(recoverInterrupted);
    await work(session.project_id, passSignal());
    failures = 0;
    askedToWaitMs = 0;
    say({ phase: "idle", reached: true, signed_out: false, last_at: new Date().toISOString() });
  } catch (error) {
    failures += 1;
    askedToWaitMs = error instanceof ProblemError ? (error.retryAfterMs ?? 0) : 0;
    say({ phase: "idle", ...explain(error) });
  } finally {
    giveBack();
  }
}

async function work(project_id: string | null, signal: AbortSignal): Promise<void> {
  say({ phase: "acts", problem: null });
  const answered = await fitting(() => sendActs(signal));
  say({ phase: "feed" });
  await fitting(askWhoIAm);
  if (project_id) await pull(project_id);
  say({ phase: "files" });
  // What carries files is no part of the first load: nothing can be carried before the line was reached.
  const { sendFiles, tidy } = await import("./carriers");
  const verified = await fitting(() => sendFiles(signal));
  signal.throwIfAborted();
  const rechecked = await fitting(() => recheckDeferred(verified > 0, signal));
  if (project_id && answered + verified + rechecked > 0) await pull(project_id);
  await tidy();
}

/** Sending writes states, and it is what empties a full phone: it makes room for itself as the text of a record does. */
async function fitting<T>(send: () => Promise<T>, isText = true): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isQuota(error)) throw error;
    // What makes room is no part of the first load.
    const { makingRoom } = await import("./room");
    return makingRoom(isText, async () => {
      await recoverInterrupted();
      return send();
    });
  }
}

async function askWhoIAm(): Promise<void> {
  const session = await db.session.get("current");
  const waits = session?.projects.length === 0 || session?.projects.some((project) => project.state === "waiting");
  if (!waits && Date.now() - askedMeAt < ME_MS) return;
  await me();
  askedMeAt = Date.now();
}

/**
 * The feed of a project that the server does not show us (yet) is no reason to keep files back. Nor is a full phone,
 * which loses no text to what can be read later: the reserve is not for the feed.
 */
async function pull(project_id: string): Promise<void> {
  try {
    // As what carries files: no part of the first load.
    const { pullFeed } = await import("./feed");
    await fitting(() => pullFeed(project_id), false);
  } catch (error) {
    if (isQuota(error)) return console.warn("No room for what is new in the project", error);
    if (!(error instanceof ProblemError) || ![403, 404].includes(error.status)) throw error;
    say({ problem: error.problem });
  }
}

function explain(error: unknown): Partial<SyncStatus> {
  if (error instanceof NotSignedIn) return { reached: true, signed_out: true };
  if (error instanceof ProblemError) return { reached: true, problem: error.problem };
  // The phone changes hands: whoever comes next begins a pass of their own.
  if (error instanceof DOMException && error.name === "AbortError") return {};
  if (!(error instanceof Offline)) console.error("Synchronization stopped", error);
  return { reached: false };
}

async function makeAllDue(): Promise<void> {
  await db.transaction("rw", db.acts, db.files, async () => {
    await db.acts.where("state").equals("waiting").modify({ next_try_at: 0 });
    await db.files.where("state").equals("waiting").modify({ next_try_at: 0 });
  });
}

/** Start the triggers; called once by the app. Returns what stops them. */
export function startSync(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const rouse = (): void => void syncNow();
  globalThis.addEventListener?.("online", rouse, { signal });
  globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "visible" && rouse(), { signal });
  const offWake = onWake(() => {
    void sync();
    askForBackgroundSync();
  });
  let timer: ReturnType<typeof setTimeout>;
  const tick = (): void => {
    void sync().then(() => {
      if (!signal.aborted) timer = setTimeout(tick, untilNext());
    });
  };
  timer = setTimeout(tick, TICK_MS);
  void globalThis.navigator?.storage?.persist?.().catch(() => false);
  rouse();
  return () => {
    stop.abort();
    offWake();
    clearTimeout(timer);
  };
}

/** Even passes that go well are spread a little, so that a site's phones do not ask in step. */
function untilNext(): number {
  const pause = failures > 0 ? backoffMs(failures) : TICK_MS * (0.9 + Math.random() / 5);
  return Math.max(pause, askedToWaitMs);
}

interface WithSync {
  sync?: { register(tag: string): Promise<void> };
}

/** Where the browser has it (Chromium), the service worker sends when the line comes back and no page does (background.ts). */
function askForBackgroundSync(): void {
  const container = (globalThis.navigator as Partial<Navigator> | undefined)?.serviceWorker;
  if (!container?.controller) return;
  container.ready
    .then((registration) => (registration as WithSync).sync?.register("outbox"))
    .catch(() => undefined);
}
