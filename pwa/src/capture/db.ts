/**
 * The browser database: keys, outbox, replica of the projects, drafts.
 *
 * Every table says who writes it. All transactions are durable (`strict`): Chromium answers only after the
 * operating system was told to write through, so that "on this phone" is true when it is said.
 */
import Dexie, { type Table } from "dexie";
import { freshLog } from "./freshlog";
import type {
  ActType,
  Envelope,
  FeedKind,
  FeedRows,
  Instant,
  Kept,
  MyProject,
  Person,
  Problem,
  Sha256,
  Uuid,
  Verdict,
} from "./types";

/** A key of this device and the head of its chain. Written by session.ts (made) and record.ts (head). */
export interface KeyEntry {
  device_id: Uuid;
  /** Null for a person without a password. */
  login: string | null;
  person_id: Uuid;
  private_key: CryptoKey;
  /** Base64 of the uncompressed point, 65 bytes. */
  public_key: string;
  /** `seq` of the newest act; 0 before the first. */
  seq: number;
  /** SHA-256 of the PAE of the newest payload; null before the first. */
  prev: Sha256 | null;
}

/** The one row of `session`. Written by session.ts and the token refresh. */
export interface SessionEntry {
  name: "current";
  person: Person;
  device_id: Uuid;
  access_token: string;
  /** Milliseconds since 1970, phone's clock. */
  access_until: number;
  refresh_token: string;
  /** The server no longer takes the refresh token: reading and recording go on, sending waits for sign-in. */
  expired: boolean;
  projects: MyProject[];
  project_id: Uuid | null;
  /** Where the phone is shared: what this session is sealed with when the phone is handed over. */
  lock?: PersonLock;
}

/** A key made from a PIN. It cannot be read, and leaves the device with the session's end. */
export interface PersonLock {
  key: CryptoKey;
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
}

/** Somebody whose session lies sealed on this phone until their PIN is typed. Written by people.ts. */
export interface PersonEntry {
  person_id: Uuid;
  name: string;
  login: string | null;
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
  /** Wrong PINs since the last right one. */
  wrong: number;
  /** Milliseconds since 1970; no PIN is tried before. */
  not_before: number;
}

export type ItemState = "waiting" | "sending" | "sent" | "needs-attention";

interface Attempted {
  state: ItemState;
  /** Failed attempts since the last success or the last push by a person. */
  attempts: number;
  /** Milliseconds since 1970; not tried again before. */
  next_try_at: number;
  /** Why it needs attention, or what the last attempt met. */
  problem: Problem | null;
}

/** What a provisional row replaced, so that a refusal can put it back. */
export interface Before {
  kind: FeedKind;
  id: Uuid;
  row: Kept<FeedRows[FeedKind]> | null;
}

/** One recorded act. Written by record.ts (made) and the outbox (state). Never removed before it is sent. */
export interface ActEntry extends Attempted {
  id: Uuid;
  project_id: Uuid;
  device_id: Uuid;
  seq: number;
  type: ActType;
  object_id: Uuid;
  recorded_at: Instant;
  envelope: Envelope;
  file_hashes: Sha256[];
  before: Before[];
  /** The server's verdict, null until it answered. */
  verdict: Verdict | null;
  number: number | null;
  flags: string[];
  waits_for: string[];
  received_at: Instant | null;
  /** When a deferred act was last asked about, milliseconds since 1970. */
  checked_at: number;
  /** A person has seen the refusal and put it aside. */
  dismissed: boolean;
}

/** One file of one project. Its bytes stand in `bytes`. Written by record.ts (made) and the outbox (state). */
export interface FileEntry extends Attempted {
  project_id: Uuid;
  sha256: Sha256;
  bytes: number;
  mime: string;
  /** Acts of this device that list it. */
  act_ids: Uuid[];
  recorded_at: Instant;
  /** When the server said `verified`; null until then. */
  verified_at: Instant | null;
  /** The server read the bytes and refused them, and a person has put that aside. */
  dismissed: boolean;
  /** Its bytes stand in `pieces` under this id, and not in `bytes`; gone when they were given back. */
  media?: Uuid;
}

export interface BytesEntry {
  project_id: Uuid;
  sha256: Sha256;
  data: ArrayBuffer;
}

/** A piece of a recording, stored as it came. Written by media.ts. */
export interface PieceEntry {
  media: Uuid;
  /** Offset of the first byte. */
  at: number;
  data: ArrayBuffer;
}

/** A form somebody has begun. Written by drafts.ts. */
export interface DraftEntry {
  key: string;
  project_id: Uuid;
  kind: string;
  saved_at: Instant;
  value: unknown;
  /** Recordings that the value names, so that their pieces stay. */
  media?: Uuid[];
}

/** Where the feed of one project stands. Written by feed.ts with the rows, in the same transaction. */
export interface MetaEntry {
  project_id: Uuid;
  cursor: number;
  head: number;
  /** How far a page came inside one number that is too large for a page; sent back as it came. */
  after?: string | null;
  /** When the server last confirmed that nothing newer exists; the age of all knowledge here. */
  current_at: Instant | null;
}

/** A piece of a snapshot that is still coming. Written by snapshot.ts, gone when the snapshot is in the replica. */
export interface PartEntry {
  project_id: Uuid;
  /** Offset of the first byte. */
  at: number;
  bytes: ArrayBuffer;
  etag: string;
  /** Bytes of the whole file. */
  total: number;
}

export interface CacheEntry {
  name: string;
  etag: string | null;
  value: unknown;
  saved_at: Instant;
}

type Replica<K extends FeedKind> = Table<Kept<FeedRows[K]>, [Uuid, Uuid]>;

const OWNED = "[project_id+id], project_id";

/** Keys and indexes of every table, as Dexie writes them. Read once at each start, so each stands here once. */
const TABLES = {
  keys: "device_id, login",
  session: "name",
  people: "person_id",
  acts: "id, [device_id+seq], state, [project_id+state], [project_id+object_id], verdict, recorded_at",
  files: "[project_id+sha256], state, sha256, verified_at, media",
  bytes: "[project_id+sha256], sha256",
  pieces: "[media+at], media",
  drafts: "key, [project_id+kind], saved_at, *media",
  meta: "project_id",
  parts: "[project_id+at], project_id",
  cache: "name",
  organizations: `${OWNED}, [project_id+kind]`,
  members: OWNED,
  crews: OWNED,
  equipment: `${OWNED}, qr`,
  places: `${OWNED}, qr`,
  projects: OWNED,
  tasks: `${OWNED}, qr, [project_id+parent_id], [project_id+code]`,
  lots: `${OWNED}, qr, [project_id+code], [project_id+heat_no], [project_id+status], [project_id+received_at]`,
  certificates: `${OWNED}, [project_id+number], *lot_ids`,
  tests: `${OWNED}, [project_id+lot_id]`,
  steps: `${OWNED}, [project_id+task_id], [project_id+status]`,
  defects: `${OWNED}, [project_id+task_id], [project_id+status]`,
  rolls: OWNED,
  marks: `${OWNED}, [project_id+value], [project_id+thing_id]`,
  answers: `${OWNED}, act_id`,
  recalls: `${OWNED}, [project_id+status]`,
  recall_items: `${OWNED}, [project_id+recall_id], [project_id+lot_id]`,
};

export class CaptureDb extends Dexie {
  keys!: Table<KeyEntry, Uuid>;
  session!: Table<SessionEntry, "current">;
  acts!: Table<ActEntry, Uuid>;
  files!: Table<FileEntry, [Uuid, Sha256]>;
  bytes!: Table<BytesEntry, [Uuid, Sha256]>;
  drafts!: Table<DraftEntry, string>;
  meta!: Table<MetaEntry, Uuid>;
  cache!: Table<CacheEntry, string>;
  parts!: Table<PartEntry, [Uuid, number]>;
  pieces!: Table<PieceEntry, [Uuid, number]>;
  people!: Table<PersonEntry, Uuid>;

  organizations!: Replica<"organization">;
  members!: Replica<"member">;
  crews!: Replica<"crew">;
  equipment!: Replica<"equipment">;
  places!: Replica<"place">;
  projects!: Replica<"project">;
  tasks!: Replica<"task">;
  lots!: Replica<"lot">;
  certificates!: Replica<"certificate">;
  tests!: Replica<"test">;
  steps!: Replica<"step">;
  defects!: Replica<"defect">;
  rolls!: Replica<"roll">;
  marks!: Replica<"mark">;
  answers!: Replica<"answer">;
  recalls!: Replica<"recall">;
  recall_items!: Replica<"recall_item">;

  constructor(name = "plumbline") {
    super(name, { chromeTransactionDurability: "strict" });
    // Dexie compares what is there with these tables, whichever release made it. A version stands apart only where
    // rows change too: before the fourth, kinds of the feed were passed over, so it begins again over what is there.
    this.version(4).stores(TABLES).upgrade((tx) => tx.table("meta").clear());
    this.version(6).stores({});
    // At each opening, before anything waiting is stored.
    this.on("ready", freshLog, true);
  }

  /** The replica table that holds rows of this kind of feed change. */
  replica<K extends FeedKind>(kind: K): Replica<K> {
    return this.table(REPLICA[kind]);
  }
}

const REPLICA: Record<FeedKind, string> = {
  organization: "organizations",
  member: "members",
  crew: "crews",
  equipment: "equipment",
  place: "places",
  project: "projects",
  task: "tasks",
  lot: "lots",
  certificate: "certificates",
  test: "tests",
  step: "steps",
  defect: "defects",
  roll: "rolls",
  mark: "marks",
  answer: "answers",
  recall: "recalls",
  recall_item: "recall_items",
};

export const FEED_KINDS = Object.keys(REPLICA) as FeedKind[];

export function isFeedKind(kind: string): kind is FeedKind {
  return Object.hasOwn(REPLICA, kind);
}

/** Names of all replica tables, for transactions that span them. */
export const REPLICA_TABLES = Object.values(REPLICA);

/** The database of this device. */
export const db = new CaptureDb();
