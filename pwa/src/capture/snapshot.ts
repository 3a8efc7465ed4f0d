/**
 * The snapshot: a whole project in one compressed file, for a phone that starts with nothing or was away too long.
 *
 * Pieces are stored as they come, so that a cut line, a closed page or an empty battery costs the last piece and no
 * more: the rest is asked for by Range. When the file is whole it is unpacked and stored row by row over what is there;
 * until its last row is in, the phone keeps what it knew. The outbox is not touched.
 */
import { call } from "./api";
import { db } from "./db";
import { Offline, ProblemError } from "./errors";
import { keepOnly, putChanges, REPLICA_STORES } from "./replica";
import type { FeedChange, Uuid } from "./types";

const PART_BYTES = 256 * 1024;
/** The server may have to make the file first. */
const FIRST_BYTE_MS = 120_000;
/** A line that brings nothing for so long is dead. */
const STALL_MS = 30_000;
const ROWS_AT_ONCE = 500;

/** Whether pieces of a snapshot lie here that is not whole yet, or not in the replica. */
export async function isSnapshotBegun(project_id: Uuid): Promise<boolean> {
  return (await db.parts.where("project_id").equals(project_id).count()) > 0;
}

/**
 * Fetch what is missing of the snapshot and put it into the replica, with its cursor. Throws as `call` does; pieces
 * that came, stay. A line that is cut is tried again at once as long as each try brings something.
 */
export async function loadSnapshot(project_id: Uuid, signal?: AbortSignal): Promise<void> {
  let held = await heldBytes(project_id);
  while (!held.isWhole) {
    const before = held.bytes;
    await fetchRest(project_id, held, signal).catch((error: unknown) => {
      if (!(error instanceof Offline)) throw error;
    });
    signal?.throwIfAborted();
    held = await heldBytes(project_id);
    if (!held.isWhole && held.bytes <= before) throw new Offline(new Error("The snapshot was cut off."));
  }
  await putIntoReplica(project_id).catch(async (error: unknown) => {
    await dropParts(project_id);
    throw error;
  });
}

interface Held {
  bytes: number;
  etag: string;
  isWhole: boolean;
}

async function heldBytes(project_id: Uuid): Promise<Held> {
  const parts = await db.parts.where("project_id").equals(project_id).sortBy("at");
  const bytes = parts.reduce((sum, part) => sum + part.bytes.byteLength, 0);
  return { bytes, etag: parts[0]?.etag ?? "", isWhole: parts.length > 0 && bytes === parts[0]?.total };
}

async function fetchRest(project_id: Uuid, held: Held, signal?: AbortSignal): Promise<void> {
  const stall = new Stall(signal);
  const headers: Record<string, string> = held.bytes > 0 ? { Range: `bytes=${held.bytes}-`, "If-Range": held.etag } : {};
  try {
    // The timer of `call` would run on while the body comes, however lively the line.
    const response = await call(`/api/projects/${project_id}/snapshot`, { headers, signal: stall.signal, timeoutMs: 3_600_000 });
    const isRest = response.status === 206;
    if (!isRest) await dropParts(project_id);
    await storeBody(project_id, response, isRest ? held.bytes : 0, stall);
  } catch (error) {
    signal?.throwIfAborted();
    if (stall.signal.aborted) throw new Offline(error);
    // Nothing behind what we hold, of a file that has changed: begin anew.
    if (error instanceof ProblemError && error.status === 416) await dropParts(project_id);
    throw error;
  } finally {
    stall.end();
  }
}

async function storeBody(project_id: Uuid, response: Response, at: number, stall: Stall): Promise<void> {
  const etag = response.headers.get("ETag") ?? "";
  const total = at + Number(response.headers.get("Content-Length") ?? NaN);
  const reader = response.body!.getReader();
  const gathered = new Gathered();
  const store = async (): Promise<void> => {
    if (gathered.bytes === 0) return;
    const bytes = gathered.take();
    await db.parts.put({ project_id, at, bytes, etag, total });
    at += bytes.byteLength;
  };
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      stall.goOn();
      gathered.add(next.value);
      if (gathered.bytes >= PART_BYTES) await store();
    }
  } catch (error) {
    throw new Offline(error);
  } finally {
    await store();
  }
}

/** Bytes that came and do not make a piece yet. */
class Gathered {
  #chunks: Uint8Array[] = [];
  bytes = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.byteLength;
  }

  take(): ArrayBuffer {
    const whole = new Uint8Array(this.bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.byteLength;
    }
    this.#chunks = [];
    this.bytes = 0;
    return whole.buffer;
  }
}

/** Aborts when nothing comes for too long, and when the caller does. */
class Stall {
  readonly #dead = new AbortController();
  readonly signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout>;

  constructor(signal?: AbortSignal) {
    this.signal = signal ? AbortSignal.any([signal, this.#dead.signal]) : this.#dead.signal;
    this.#timer = setTimeout(() => this.#dead.abort(), FIRST_BYTE_MS);
  }

  goOn(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dead.abort(), STALL_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

interface Header {
  v: number;
  project: Uuid;
  cursor: number;
}

async function putIntoReplica(project_id: Uuid): Promise<void> {
  const there = new Set<Uuid>();
  let header: Header | undefined;
  let isWhole = false;
  let count = 0;
  let batch: FeedChange[] = [];
  const put = async (): Promise<void> => {
    const rows = batch;
    batch = [];
    // An async function by its syntax: for no other does Dexie keep the transaction open over an await.
    await db.transaction("rw", REPLICA_STORES, async () => {
      await putChanges(project_id, rows);
    });
  };
  for await (const line of linesOf(project_id)) {
    const said = JSON.parse(line) as Header | FeedChange | { rows: number };
    if (!header) header = readHeader(said as Header, project_id);
    else if ("rows" in said) isWhole = said.rows === count;
    else {
      count += 1;
      there.add((said as FeedChange).id);
      if (batch.push(said as FeedChange) >= ROWS_AT_ONCE) await put();
    }
  }
  if (!header || !isWhole) throw new Offline(new Error("The snapshot is not whole."));
  await put();
  await finish(project_id, header.cursor, there);
}

function readHeader(said: Header, project_id: Uuid): Header {
  if (said.v !== 1 || said.project !== project_id) throw new Offline(new Error("This is no snapshot of the project."));
  return said;
}

async function* linesOf(project_id: Uuid): AsyncGenerator<string> {
  const parts = await db.parts.where("project_id").equals(project_id).sortBy("at");
  const file = new Blob(parts.map((part) => part.bytes));
  const text = file.stream().pipeThrough(new DecompressionStream("gzip")).pipeThrough(new TextDecoderStream());
  const reader = text.getReader();
  let rest = "";
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (rest + next.value).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest) yield rest;
}

/** The last step: what the snapshot does not hold goes, the cursor and the end of the pieces are one commit. */
async function finish(project_id: Uuid, cursor: number, there: ReadonlySet<Uuid>): Promise<void> {
  await db.transaction("rw", [...REPLICA_STORES, "parts"], async () => {
    await keepOnly(project_id, there);
    await db.meta.put({ project_id, cursor, after: null, head: cursor, current_at: null });
    await db.parts.where("project_id").equals(project_id).delete();
  });
}

async function dropParts(project_id: Uuid): Promise<void> {
  await db.parts.where("project_id").equals(project_id).delete();
}
