/**
 * Recording an act: the one way in which anything that a person does is written down.
 *
 * Order: hash the files, then under one Web Lock number, chain and sign, then store act, files, bytes and provisional
 * rows in one durable transaction. Signing stands before the transaction, because waiting for WebCrypto inside
 * would end it. `record` resolves after the commit and not before: only then may a screen say "on this phone".
 */
import { holdUpdate } from "../shared/update";
import { sha256Hex, toBase64 } from "./bytes";
import { actTime } from "./clock";
import { db, REPLICA_TABLES, type ActEntry, type KeyEntry } from "./db";
import { draftOf, draftsWritten } from "./drafts";
import { CaptureError, isQuota, NoKey, NotRecordable, StorageFull } from "./errors";
import { payloadOf } from "./payload";
import { pae, sign } from "./keys";
import type { KeptMedia } from "./media";
import { exclusive } from "./locks";
import { applyProvisionally, casesReady } from "./provisional";
import { makingRoom } from "./room";
import { requireProject, requireSession } from "./session";
import { strictBytes } from "./strict";
import { sturdily } from "./sturdy";
import type { ActBodies, ActFile, ActPayload, ActType, CaptureKind, FileRole, Uuid, Where } from "./types";
import { uuid7 } from "./uuid7";
import { wake } from "./wake";

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

export interface RecordOptions {
  /** Another project than the chosen one. */
  project?: Uuid;
  files?: CaptureFile[];
  where?: Where | null;
  dependsOn?: Uuid[];
  supersedes?: Uuid | null;
  /** The draft this came from; it goes in the same transaction. */
  draft?: string;
  /** On a full device keep the record without the files that do not fit, rather than nothing of it. */
  textFirst?: boolean;
}

export interface Recorded {
  act_id: Uuid;
  object_id: Uuid;
  seq: number;
  /** Files that this device had no room for, with `textFirst`: the record is kept without them, and says so. */
  left_out: CaptureFile[];
}

/** A file with its hash: its bytes, or the recording that holds them already. */
interface Hashed {
  entry: ActFile;
  data: ArrayBuffer | Uuid;
}

/**
 * Write an act down on this device. `object` is the thing's id; a new thing gets one from `uuid7()`.
 * Throws NotSignedIn, NoProject, NoKey, NotRecordable, StorageFull, DatabaseLost; after a throw nothing was stored.
 */
export async function record<T extends ActType>(
  type: T,
  object: Uuid,
  body: ActBodies[T],
  options: RecordOptions = {},
): Promise<Recorded> {
  const giveBack = holdUpdate();
  try {
    const files = options.files ?? [];
    const hashed = await hashFiles(files);
    for (let fitting = files.length; ; fitting -= 1) {
      try {
        const done = await exclusive("chain", () => append(type, object, body, options, hashed.slice(0, fitting)));
        wake();
        return { ...done, left_out: files.slice(fitting) };
      } catch (error) {
        if (!isQuota(error) || !options.textFirst || fitting === 0) throw error;
      }
    }
  } catch (error) {
    throw isQuota(error) ? new StorageFull(error) : error;
  } finally {
    giveBack();
  }
}

async function hashFiles(files: CaptureFile[]): Promise<Hashed[]> {
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

async function append<T extends ActType>(
  type: T,
  object: Uuid,
  body: ActBodies[T],
  options: RecordOptions,
  hashed: Hashed[],
): Promise<Omit<Recorded, "left_out">> {
  const { session, project, key, seen } = await sturdily(() => standing(options));
  const payload: ActPayload<T> = {
    type,
    v: 1,
    id: uuid7(),
    project,
    object,
    actor: session.person.id,
    device: key.device_id,
    seq: key.seq + 1,
    prev: key.prev,
    seen: { cursor: seen?.cursor ?? 0, head: null },
    at: actTime(),
    where: options.where ?? null,
    files: hashed.map((file) => file.entry),
    depends_on: options.dependsOn ?? [],
    supersedes: options.supersedes ?? null,
    body,
  };
  const sealed = await seal(payload, key);
  await draftsWritten();
  await makingRoom(hashed.length === 0, () => sturdily(() => store(sealed, hashed, options.draft === undefined ? [] : [draftOf(session.person.id, options.draft), options.draft])));
  return { act_id: payload.id, object_id: object, seq: payload.seq };
}

/** What the act is signed upon: who, where in the chain, and how far this device knows the project. */
async function standing(options: RecordOptions) {
  return db.transaction("r", db.session, db.keys, db.meta, async () => {
    const session = await requireSession();
    const project = options.project ?? (await requireProject());
    const key = await db.keys.get(session.device_id);
    if (!key) throw new NoKey();
    return { session, project, key, seen: await db.meta.get(project) };
  });
}

interface Sealed {
  entry: ActEntry;
  /** The chain's new head. */
  digest: string;
  /** The head that it follows. */
  after: KeyEntry;
}

async function seal(payload: ActPayload, key: KeyEntry): Promise<Sealed> {
  const bytes = strictBytes(payload);
  const encoded = pae(bytes);
  const signature = await sign(key.private_key, encoded);
  const entry: ActEntry = {
    id: payload.id,
    project_id: payload.project,
    device_id: key.device_id,
    seq: payload.seq,
    type: payload.type,
    object_id: payload.object,
    recorded_at: payload.at.wall,
    envelope: { payload: toBase64(bytes), device_id: key.device_id, signature },
    file_hashes: payload.files.map((file) => file.sha256),
    before: [],
    state: "waiting",
    attempts: 0,
    next_try_at: 0,
    problem: null,
    verdict: null,
    number: null,
    flags: [],
    waits_for: [],
    received_at: null,
    checked_at: 0,
    dismissed: false,
  };
  return { entry, digest: await sha256Hex(encoded), after: key };
}

async function store(sealed: Sealed, hashed: Hashed[], drafts: string[]): Promise<void> {
  const { entry, digest, after } = sealed;
  await casesReady();
  await db.transaction("rw", ["keys", "acts", "files", "bytes", "drafts", "cache", ...REPLICA_TABLES], async () => {
    const head = await db.keys.get(after.device_id);
    // A commit whose answer was lost with the connection: this very act is there already.
    if (head?.prev === digest && head.seq === entry.seq) return;
    // The lock makes this impossible; where a browser has no Web Locks, this refuses the fork.
    if (head?.seq !== after.seq || head.prev !== after.prev) throw new ChainMoved();
    await db.keys.update(after.device_id, { seq: entry.seq, prev: digest });
    for (const file of hashed) await storeFile(entry, file);
    // Drawn from the signed bytes and not from the caller's objects, which may be proxies that no database takes.
    const before = await applyProvisionally(payloadOf(entry));
    await db.acts.add({ ...entry, before });
    await db.drafts.bulkDelete(drafts);
  });
}

class ChainMoved extends CaptureError {
  constructor() {
    super("chain-moved", "Another window recorded at the same moment; nothing was stored here.");
  }
}

/** The same bytes in two acts are one file. What was verified before stays verified. */
async function storeFile(act: ActEntry, file: Hashed): Promise<void> {
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
