/**
 * Handing in what a phone exported: `exportUnsent` read back and sent by somebody else's session.
 *
 * The acts are sent as they were signed, so they stay the phone's and its person's; the server writes beside them who
 * brought them. Files are hashed here before they go. Everything may come again, from here or from the phone itself.
 * Nothing of the archive is stored in this browser.
 */
import { entriesOf, ArchiveUnreadable, type Entry } from "./archive";
import { fromBase64, sha256Hex } from "./bytes";
import { Offline, ProblemError } from "./errors";
import { isBusy, nextBatch, post, type Signed } from "./outbox";
import { me } from "./session";
import type { ActPayload, ActResult, Envelope, Instant, Problem, Sha256, Uuid } from "./types";
import { sourceOfBuffer } from "./kept";
import { deliver, type Deliverable } from "./uploads";

/** `here`: the server had it before. `waits`: it is at the server and applies by itself when what it needs is there. */
export type HandInState = "accepted" | "waits" | "here" | "refused";
/** Why something did not even go to the server. */
export type HandInReason = "missing" | "not-listed" | "other-bytes" | "unreadable";

export interface HandInItem {
  what: "act" | "file" | "entry";
  /** The act's id, the file's hash, or the name in the archive. */
  name: string;
  project_id: Uuid | null;
  state: HandInState;
  reason: HandInReason | null;
  problem: Problem | null;
  /** Its place among all; a name may stand twice in a list that was tampered with. */
  at: number;
  /** Of acts. */
  type?: string;
  object_id?: Uuid;
  actor_id?: Uuid;
  /** Of files. */
  bytes?: number;
  mime?: string;
}

export interface HandInOptions {
  /** Told of each thing as it is settled, and of how many there are. */
  onitem?: (item: HandInItem, total: number) => void;
  signal?: AbortSignal;
}

interface ListedAct extends Omit<Signed, "envelope"> {
  seq: number;
}
interface Manifest {
  made_at: Instant;
  acts: ListedAct[];
  files: Deliverable[];
}
type Settled = Omit<HandInItem, "at">;
type Ready = Signed & { attempts: number; payload: ActPayload };

const MOST_MANIFEST_BYTES = 32 * 1024 * 1024;
const MOST_ENVELOPE_BYTES = 64 * 1024;
const PAUSES_MS = [500, 2000, 5000];

/**
 * Hand in everything of the archive. Resolves when each thing is settled. Throws ArchiveUnreadable before anything was
 * sent, and Offline or NotSignedIn in the middle; what was told of until then is settled.
 */
export async function handIn(zip: Blob, options: HandInOptions = {}): Promise<{ made_at: Instant; items: HandInItem[] }> {
  const entries = await entriesOf(zip);
  const manifest = await readManifest(entries.find((entry) => entry.name === "manifest.json"));
  const items: HandInItem[] = [];
  const [byName, extra] = sorted(entries, manifest);
  const total = manifest.acts.length + manifest.files.length + extra.length;
  const settle = (settled: Settled): void => {
    const item = { ...settled, at: items.length };
    items.push(item);
    options.onitem?.(item, total);
  };
  extra.forEach((entry) => settle(unsent("entry", entry.name, null, "not-listed")));
  await sendActs(manifest.acts, byName, settle, options.signal);
  for (const file of manifest.files) settle(await sendFile(file, byName.get(originalName(file.sha256)), options.signal));
  return { made_at: manifest.made_at, items };
}

const actName = (act: ListedAct): string => `acts/${String(act.seq).padStart(8, "0")}-${act.id}`;
const originalName = (sha256: Sha256): string => `originals/${sha256}`;

/** What the manifest names, the first of each name, and everything else. */
function sorted(entries: Entry[], { acts, files }: Manifest): [Map<string, Entry>, Entry[]] {
  const listed = new Set(["manifest.json", ...files.map((file) => originalName(file.sha256))]);
  for (const act of acts) listed.add(`${actName(act)}.json`).add(`${actName(act)}.payload.json`);
  const byName = new Map<string, Entry>();
  const extra: Entry[] = [];
  for (const entry of entries) {
    if (listed.has(entry.name) && !byName.has(entry.name)) byName.set(entry.name, entry);
    else extra.push(entry);
  }
  return [byName, extra];
}

function unsent(what: HandInItem["what"], name: string, project_id: Uuid | null, reason: HandInReason): Settled {
  return { what, name, project_id, state: "refused", reason, problem: null };
}

// --- The list ---

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;

async function readManifest(entry: Entry | undefined): Promise<Manifest> {
  if (!entry || entry.bytes > MOST_MANIFEST_BYTES) throw new ArchiveUnreadable("it has no list");
  const said = parse(await entry.read()) as (Manifest & { format?: unknown; version?: unknown }) | null;
  if (said?.format !== "plumbline-outbox" || said.version !== 1) throw new ArchiveUnreadable("it is no export of a phone");
  const { acts, files, made_at } = said;
  const right =
    Array.isArray(acts) &&
    Array.isArray(files) &&
    typeof made_at === "string" &&
    acts.every((act) => isUuid(act?.id) && isUuid(act.project_id) && typeof act.type === "string" && Number.isSafeInteger(act.seq)) &&
    files.every((file) => HASH.test(file?.sha256) && isUuid(file.project_id) && Number.isSafeInteger(file.bytes) && typeof file.mime === "string");
  if (!right) throw new ArchiveUnreadable("its list is damaged");
  return { made_at, acts, files };
}

const isUuid = (value: unknown): boolean => typeof value === "string" && UUID.test(value);

function parse(data: ArrayBuffer | Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    return null;
  }
}

// --- Acts ---

async function sendActs(listed: ListedAct[], byName: Map<string, Entry>, settle: (item: Settled) => void, signal?: AbortSignal): Promise<void> {
  // What was received until now, by the server's own clock, was there before.
  const begun = Date.parse((await insist(() => me(), signal)).server_time);
  let ready: Ready[] = [];
  for (const act of listed) {
    const entry = byName.get(`${actName(act)}.json`);
    const read = entry ? await readAct(act, entry) : "missing";
    if (typeof read === "string") settle({ ...unsent("act", act.id, act.project_id, read), type: act.type });
    else ready.push(read);
  }
  for (let batch = nextBatch(ready); batch.length > 0; batch = nextBatch(ready)) {
    const gone = new Set(batch);
    ready = ready.filter((act) => !gone.has(act));
    for (const [act, result] of await verdicts(batch, signal)) settle(itemOf(act, result, begun));
  }
}

async function readAct(act: ListedAct, entry: Entry): Promise<Ready | HandInReason> {
  if (entry.bytes > MOST_ENVELOPE_BYTES) return "unreadable";
  const envelope = parse(await entry.read()) as Envelope | null;
  const { payload, device_id, signature } = envelope ?? {};
  if (typeof payload !== "string" || typeof device_id !== "string" || typeof signature !== "string") return "unreadable";
  const said = payloadIn(payload);
  if (!said) return "unreadable";
  if (said.id !== act.id || said.project !== act.project_id) return "other-bytes";
  const { id, project_id, type } = act;
  return { id, project_id, type, envelope: { payload, device_id, signature }, attempts: 0, payload: said };
}

function payloadIn(base64: string): ActPayload | null {
  try {
    return parse(fromBase64(base64)) as ActPayload | null;
  } catch {
    return null;
  }
}

/** A batch that is refused as a whole is halved until the act stands alone that it means. */
async function verdicts(batch: Ready[], signal?: AbortSignal): Promise<[Ready, ActResult | Problem][]> {
  try {
    const results = await insist(() => post(batch, signal), signal);
    return batch.map((act, at) => [act, results[at]!]);
  } catch (error) {
    if (!(error instanceof ProblemError) || isBusy(error)) throw error;
    if (batch.length === 1) return [[batch[0]!, error.problem]];
    const middle = Math.ceil(batch.length / 2);
    return [...(await verdicts(batch.slice(0, middle), signal)), ...(await verdicts(batch.slice(middle), signal))];
  }
}

function itemOf(act: Ready, result: ActResult | Problem, begun: number): Settled {
  const { id: name, project_id, type, payload } = act;
  const about = { what: "act", name, project_id, type, object_id: payload.object, actor_id: payload.actor, reason: null } as const;
  if (!("verdict" in result)) return { ...about, state: "refused", problem: result };
  const { verdict, problem, received_at } = result as ActResult;
  if (verdict === "refused") return { ...about, state: "refused", problem };
  if (verdict === "deferred") return { ...about, state: "waits", problem: null };
  const was_there = received_at !== null && Date.parse(received_at) <= begun;
  return { ...about, state: was_there ? "here" : "accepted", problem: null };
}

// --- Files ---

async function sendFile(file: Deliverable, entry: Entry | undefined, signal?: AbortSignal): Promise<Settled> {
  const { sha256, project_id, bytes, mime } = file;
  const about = { bytes, mime };
  if (!entry) return { ...unsent("file", sha256, project_id, "missing"), ...about };
  const data = entry.bytes === bytes ? await entry.read() : null;
  if (!data || (await sha256Hex(data)) !== sha256) return { ...unsent("file", sha256, project_id, "other-bytes"), ...about };
  const item = { what: "file", name: sha256, project_id, reason: null, ...about } as const;
  try {
    const is_new = await insist(() => deliver(file, sourceOfBuffer(data), signal), signal);
    return { ...item, state: is_new ? "accepted" : "here", problem: null };
  } catch (error) {
    if (!(error instanceof ProblemError) || isBusy(error)) throw error;
    return { ...item, state: "refused", problem: error.problem };
  }
}

/** Again after a silence, a few times; the whole can be begun again by whoever waits. */
async function insist<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const passes = error instanceof Offline || (error instanceof ProblemError && error.status >= 500);
      if (!passes) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}
