/**
 * The outbox, first half: acts. What is waiting goes to the server in the order of the chain, as the very bytes
 * that were signed; what the server answers is written beside each act. Files are sent by uploads.ts.
 *
 * Nothing is ever removed here. An act that cannot be sent does not hold the others: a batch that the server refuses
 * as a whole is halved until the one act stands alone that it means.
 */
import { callJson } from "./api";
import { backoffMs } from "./backoff";
import { db, type ActEntry } from "./db";
import { NotSignedIn, Offline, ProblemError } from "./errors";
import { ownActs } from "./owner";
import type { ActResult, Uuid } from "./types";

const MAX_ACTS = 100;
/** Below the server's 256 KiB, for the JSON around the envelopes counts too. */
const MAX_BATCH_BYTES = 200 * 1024;
const RECHECK_MS = 60_000;
const SEND_TIMEOUT_MS = 60_000;

/** Left over from a page that was closed while sending: nothing is known of them, so they are sent again. */
export async function recoverInterrupted(): Promise<void> {
  await db.transaction("rw", db.acts, db.files, async () => {
    await db.acts.where("state").equals("sending").modify({ state: "waiting" });
    await db.files.where("state").equals("sending").modify({ state: "waiting" });
  });
}

/**
 * Send every act that is due. Returns how many were answered. Call it only under the lock `outbox`.
 * Throws Offline, NotSignedIn or the problem of a busy server; everything not answered waits then.
 */
export async function sendActs(signal?: AbortSignal): Promise<number> {
  let answered = 0;
  for (;;) {
    const batch = nextBatch(await dueActs());
    if (batch.length === 0) return answered;
    answered += await sendBatch(batch, signal);
  }
}

/** Ask again about acts that wait for something, at most once a minute each unless `now`. The same bytes are sent. */
export async function recheckDeferred(now: boolean, signal?: AbortSignal): Promise<number> {
  const before = now ? Infinity : Date.now() - RECHECK_MS;
  const deferred = await ownActs(await db.acts.where("verdict").equals("deferred").toArray());
  const due = deferred.filter((act) => act.checked_at < before).sort((a, b) => a.checked_at - b.checked_at);
  const batch = nextBatch(due);
  if (batch.length === 0) return 0;
  try {
    return await settle(batch, await post(batch, signal));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // They are at the server already; not being told about them now is no reason to end the pass.
    await db.acts.where("id").anyOf(batch.map((act) => act.id)).modify({ checked_at: Date.now() });
    return 0;
  }
}

async function dueActs(): Promise<ActEntry[]> {
  const waiting = await db.acts.where("state").equals("waiting").toArray();
  const closed = await notYetAdmitted();
  const own = await ownActs(waiting);
  return own.filter((act) => act.next_try_at <= Date.now() && !closed.has(act.project_id)).sort(inOrder);
}

/** Projects whose inviter has not confirmed yet would refuse everything; the acts wait here for the confirmation. */
async function notYetAdmitted(): Promise<Set<Uuid>> {
  const session = await db.session.get("current");
  return new Set(session?.projects.filter((project) => project.state === "waiting").map((project) => project.id));
}

function inOrder(a: ActEntry, b: ActEntry): number {
  return a.device_id === b.device_id ? a.seq - b.seq : a.recorded_at < b.recorded_at ? -1 : 1;
}

/** The longest start of one project's acts that fits a batch; shorter after failures, for a line that breaks on long ones. */
export function nextBatch<T extends Signed & { attempts: number }>(acts: T[]): T[] {
  const failed = acts[0]?.attempts ?? 0;
  const most = failed >= 4 ? 1 : failed >= 2 ? 10 : MAX_ACTS;
  const batch: T[] = [];
  let bytes = 0;
  for (const act of acts) {
    if (act.project_id !== acts[0]?.project_id) continue;
    bytes += JSON.stringify(act.envelope).length + 1;
    // Who may act in a project is looked up once a batch: what follows its opening belongs in the next one.
    if (batch.at(-1)?.type === "project:create") break;
    if (batch.length > 0 && (batch.length >= most || bytes > MAX_BATCH_BYTES)) break;
    batch.push(act);
  }
  return batch;
}

async function sendBatch(batch: ActEntry[], signal?: AbortSignal): Promise<number> {
  await setStates(batch, { state: "sending" });
  try {
    return await settle(batch, await post(batch, signal));
  } catch (error) {
    if (error instanceof ProblemError && !isBusy(error)) return narrow(batch, error, signal);
    await postpone(batch, error);
    throw error;
  }
}

/** What is said of a signed act where it is sent. */
export type Signed = Pick<ActEntry, "id" | "project_id" | "type" | "envelope">;

/** One verdict for each, in order. Throws Offline also when the answer does not fit the question. */
export async function post(batch: readonly Signed[], signal?: AbortSignal): Promise<ActResult[]> {
  const json = { envelopes: batch.map((act) => act.envelope) };
  const answer = await callJson<{ results: ActResult[] }>("/api/acts", {
    method: "POST",
    json,
    timeoutMs: SEND_TIMEOUT_MS,
    ...(signal ? { signal } : {}),
  });
  const fits = answer.results.length === batch.length && answer.results.every((one, at) => !one.id || one.id === batch[at]?.id);
  // An answer that does not fit the question says nothing about any act.
  if (!fits) throw new Offline(new Error("The answer does not fit the batch."));
  return answer.results;
}

/** The server takes nothing from anybody at the moment; every other problem is about what was in the batch. */
export function isBusy(error: ProblemError): boolean {
  return [401, 408, 425, 429, 502, 503, 504].includes(error.status);
}

async function narrow(batch: ActEntry[], error: ProblemError, signal?: AbortSignal): Promise<number> {
  if (batch.length > 1) {
    const middle = Math.ceil(batch.length / 2);
    const first = await sendBatch(batch.slice(0, middle), signal);
    return first + (await sendBatch(batch.slice(middle), signal));
  }
  // A fault of the server's own may be mended by itself; a refusal of the bytes is not.
  if (error.status >= 500) await postpone(batch, error);
  else await setStates(batch, { state: "needs-attention", problem: error.problem });
  return 0;
}

/** Back to waiting. A silent line delays nothing here: the pass itself waits then, and the chain keeps its order. */
async function postpone(batch: ActEntry[], error: unknown): Promise<void> {
  const problem = error instanceof ProblemError ? error.problem : null;
  const attempted = error instanceof NotSignedIn ? 0 : 1;
  await db.transaction("rw", db.acts, async () => {
    for (const act of batch) {
      const attempts = act.attempts + attempted;
      const next_try_at = problem ? Date.now() + backoffMs(attempts) : 0;
      await db.acts.update(act.id, { state: "waiting", attempts, next_try_at, problem });
    }
  });
}

async function setStates(batch: ActEntry[], change: Pick<ActEntry, "state"> & Partial<Pick<ActEntry, "problem">>): Promise<void> {
  await db.acts.where("id").anyOf(batch.map((act) => act.id)).modify(change);
}

async function settle(batch: ActEntry[], results: ActResult[]): Promise<number> {
  // No part of the first load, and asked for before the transaction, which would not outlive the wait.
  const { undoProvisional } = await import("./provisional");
  await db.transaction("rw", db.tables, async () => {
    for (const [at, act] of batch.entries()) await settleOne(act, results[at]!, undoProvisional);
  });
  return batch.length;
}

type Undo = typeof import("./provisional").undoProvisional;

async function settleOne(act: ActEntry, result: ActResult, undo: Undo): Promise<void> {
  if (result.id === null) {
    // The server could not read or verify the envelope and has kept nothing of it: it still stands only here.
    await db.acts.update(act.id, { state: "needs-attention", problem: result.problem });
    return;
  }
  const refused = result.verdict === "refused";
  if (refused && act.verdict !== "refused") {
    const fresh = await db.acts.get(act.id);
    await undo(act.project_id, fresh?.before ?? act.before);
  }
  await db.acts.update(act.id, {
    state: refused ? "needs-attention" : "sent",
    attempts: 0,
    next_try_at: 0,
    problem: result.problem,
    verdict: result.verdict,
    number: result.number,
    flags: result.flags,
    waits_for: result.waits_for,
    received_at: result.received_at,
    checked_at: Date.now(),
  });
}

/** Try an act again that needs attention; also what people press after they have solved the reason. */
export async function retryAct(id: Uuid): Promise<void> {
  await db.acts.update(id, { state: "waiting", attempts: 0, next_try_at: 0 });
}

/** Put a refused act aside. It stays readable here and in the server's quarantine. False when it was not refused. */
export async function dismissAct(id: Uuid): Promise<boolean> {
  return db.transaction("rw", db.acts, async () => {
    const act = await db.acts.get(id);
    if (act?.verdict !== "refused") return false;
    await db.acts.update(id, { state: "sent", dismissed: true });
    return true;
  });
}

