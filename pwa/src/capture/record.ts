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
import { CaptureError, isQuota, NoKey, StorageFull } from "./errors";
import { hashFiles, storeFile, type CaptureFile, type Hashed } from "./hashing";
import { payloadOf } from "./payload";
import { pae, sign } from "./keys";
import { exclusive } from "./locks";
import { dismissAct } from "./outbox";
import { applyProvisionally, casesReady } from "./provisional";
import { makingRoom } from "./room";
import { requireProject, requireSession } from "./session";
import { strictBytes } from "./strict";
import { sturdily } from "./sturdy";
import type { ActBodies, ActPayload, ActType, Uuid, Where } from "./types";
import { uuid7 } from "./uuid7";
import { wake } from "./wake";

/** What one act says besides its type, its thing and its body. */
interface Said {
  files?: CaptureFile[];
  where?: Where | null;
  dependsOn?: Uuid[];
  supersedes?: Uuid | null;
  /** Nothing without a file: where none of its files fits, it is not written. */
  needsFile?: boolean;
}

export interface TogetherOptions {
  /** Another project than the chosen one. */
  project?: Uuid;
  /** The draft this came from; it goes in the same transaction. */
  draft?: string;
  /** The draft that holds its photos; it goes as well when all of them fit. */
  photoDraft?: string;
  /** A refused act that this mends: it is put aside in the same transaction, and stays in the quarantine. */
  mends?: Uuid;
  /** On a full device keep the record without the files that do not fit, rather than nothing of it. */
  textFirst?: boolean;
}

export type RecordOptions = Said &
  TogetherOptions & {
    /** What the same press says besides: kept with it or not at all. */
    also?: Deed[];
  };
export type { CaptureFile };

/** An act as a screen hands it over. */
export type Deed = {
  [T in ActType]: Said & {
    type: T;
    object: Uuid;
    body: ActBodies[T];
  };
}[ActType];

export interface Recorded {
  act_id: Uuid;
  object_id: Uuid;
  seq: number;
  /** Files that this device had no room for, with `textFirst`: the record is kept without them, and says so. */
  left_out: CaptureFile[];
}

export interface RecordedTogether {
  /** Those that were written, in the order asked. */
  acts: Omit<Recorded, "left_out">[];
  left_out: CaptureFile[];
}

interface Asked {
  deed: Deed;
  files: Hashed[];
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
  const { also = [], ...said } = options;
  const { acts, left_out } = await recordTogether([{ type, object, body, ...said } as Deed, ...also], options);
  return { ...acts[0]!, left_out };
}

/**
 * Acts that one press of a button says, in one transaction: all of them are on this device or none. Each stands upon
 * the first, which the server then takes before them. Throws as `record` does.
 */
export async function recordTogether(deeds: readonly Deed[], options: TogetherOptions = {}): Promise<RecordedTogether> {
  const giveBack = holdUpdate();
  try {
    const all: Asked[] = [];
    for (const deed of deeds) all.push({ deed, files: await hashFiles(deed.files ?? []) });
    const order = [...new Set(all.flatMap(({ files }) => files.map((file) => file.entry.sha256)))];
    for (let fitting = order.length; ; fitting -= 1) {
      const fits = new Set(order.slice(0, fitting));
      try {
        const acts = await exclusive("chain", () => append(fitted(all, fits), options, goneOf(options, fitting === order.length)));
        wake();
        return { acts, left_out: all.flatMap(({ deed, files }) => (deed.files ?? []).filter((_, at) => !fits.has(files[at]!.entry.sha256))) };
      } catch (error) {
        const isLast = fitting === 0 || fitted(all, new Set(order.slice(0, fitting - 1))).length === 0;
        if (!isQuota(error) || !options.textFirst || isLast) throw error;
      }
    }
  } catch (error) {
    throw isQuota(error) ? new StorageFull(error) : error;
  } finally {
    giveBack();
  }
}

function fitted(all: readonly Asked[], fits: ReadonlySet<string>): Asked[] {
  return all
    .map(({ deed, files }) => ({ deed, files: files.filter((file) => fits.has(file.entry.sha256)) }))
    .filter(({ deed, files }) => files.length > 0 || !deed.needsFile);
}

/** The drafts that go with the record. */
function goneOf({ draft, photoDraft }: TogetherOptions, isWhole: boolean): string[] {
  return [draft, isWhole ? photoDraft : undefined].filter((key) => key !== undefined);
}

async function append(asked: readonly Asked[], options: TogetherOptions, gone: readonly string[]): Promise<Omit<Recorded, "left_out">[]> {
  const { session, project, key, seen } = await sturdily(() => standing(options));
  const sealed: Sealed[] = [];
  let head = key;
  for (const { deed, files } of asked) {
    const first = sealed[0]?.entry.id;
    const payload: ActPayload = {
      type: deed.type,
      v: 1,
      id: uuid7(),
      project,
      object: deed.object,
      actor: session.person.id,
      device: key.device_id,
      seq: head.seq + 1,
      prev: head.prev,
      seen: { cursor: seen?.cursor ?? 0, head: null },
      at: actTime(),
      where: deed.where ?? null,
      files: files.map((file) => file.entry),
      depends_on: [...(first ? [first] : []), ...(deed.dependsOn ?? [])],
      supersedes: deed.supersedes ?? null,
      body: deed.body,
    };
    const one = await seal(payload, head, files);
    sealed.push(one);
    head = { ...head, seq: payload.seq, prev: one.digest };
  }
  const drafts = gone.flatMap((draft) => [draftOf(session.person.id, draft), draft]);
  const isText = asked.every(({ files }) => files.length === 0);
  await draftsWritten();
  await makingRoom(isText, () => sturdily(() => store(sealed, key, drafts, options.mends)));
  return sealed.map(({ entry }) => ({ act_id: entry.id, object_id: entry.object_id, seq: entry.seq }));
}

/** What the act is signed upon: who, where in the chain, and how far this device knows the project. */
async function standing(options: TogetherOptions) {
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
  files: Hashed[];
  /** The chain's head after it. */
  digest: string;
}

async function seal(payload: ActPayload, key: KeyEntry, files: Hashed[]): Promise<Sealed> {
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
  return { entry, files, digest: await sha256Hex(encoded) };
}

async function store(sealed: readonly Sealed[], after: KeyEntry, drafts: string[], mends?: Uuid): Promise<void> {
  const last = sealed.at(-1)!;
  await casesReady();
  await db.transaction("rw", ["keys", "acts", "files", "bytes", "drafts", "cache", ...REPLICA_TABLES], async () => {
    const head = await db.keys.get(after.device_id);
    // A commit whose answer was lost with the connection: these very acts are there already.
    if (head?.prev === last.digest && head.seq === last.entry.seq) return;
    // The lock makes this impossible; where a browser has no Web Locks, this refuses the fork.
    if (head?.seq !== after.seq || head.prev !== after.prev) throw new ChainMoved();
    await db.keys.update(after.device_id, { seq: last.entry.seq, prev: last.digest });
    for (const { entry, files } of sealed) {
      for (const file of files) await storeFile(entry, file);
      // Drawn from the signed bytes and not from the caller's objects, which may be proxies that no database takes.
      const before = await applyProvisionally(payloadOf(entry));
      await db.acts.add({ ...entry, before });
    }
    if (mends) await dismissAct(mends);
    await db.drafts.bulkDelete(drafts);
  });
}

class ChainMoved extends CaptureError {
  constructor() {
    super("chain-moved", "Another window recorded at the same moment; nothing was stored here.");
  }
}
