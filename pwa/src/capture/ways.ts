/**
 * How a file travels. Whole, where the line is known to carry it within seconds; in chunks of 256 KiB that resume where
 * the line was cut; in parts of 8 MiB when it is large. The server keeps every byte of a cut chunk and says how far it
 * came. So a cut costs half a minute of the line at most, however slow the line, and nothing where it is not known.
 */
import { callJson } from "./api";
import { Offline, ProblemError } from "./errors";
import { putBytes } from "./http";
import type { Source } from "./kept";
import { lineBroke, type LineWorth } from "./line";
import type { PartsAnswer, UploadIntent } from "./types";

export type Way = "whole" | "chunks" | "parts";

const WHOLE_BYTES = 5 * 1024 * 1024;
/** What is expected to take longer is not sent in a piece that a cut would lose. */
const PROMPT_S = 8;
/** A line that has become so much slower is left in the middle of a file, while little is lost. */
const WHOLE_TIMEOUT_MS = 30_000;
const PART_BYTES = 8 * 1024 * 1024;
/** A part at 28 KiB a second: slower lines than that need another try anyway. */
const PART_TIMEOUT_MS = 5 * 60_000;
const PIECE_TIMEOUT_MS = 3 * 60_000;
/** The first chunk shows how fast the line is, and each one how long the next may be. */
const FIRST_CHUNK_BYTES = 64 * 1024;
const SMALLEST_CHUNK_BYTES = 32 * 1024;
/** No chunk takes longer than about this: where something on the way keeps no byte of a cut one, little is lost too. */
const CHUNK_S = 4;
/** Silences in a row on one file before the next file gets its turn. */
export const PATIENCE = 4;
export const PAUSE_MS = 500;

/** The line did not carry a file; what the API is asked may still come through. */
export class CutOff extends Offline {}

/** The way for a file of `bytes`: in chunks, unless the line is known to carry it; a large one in parts until it is known not to. */
export function wayFor(bytes: number, intent: UploadIntent, { is_bad, bytes_s }: LineWorth): Way {
  const isSlow = bytes_s !== null && Math.min(bytes, PART_BYTES) / bytes_s > PROMPT_S;
  if (intent.chunks && (is_bad || isSlow)) return "chunks";
  if (intent.parts_url) return "parts";
  return intent.chunks && (bytes > WHOLE_BYTES || bytes_s === null) ? "chunks" : "whole";
}

/** Bring the bytes to the server. Throws CutOff when the line breaks, ProblemError when an address is refused. */
export async function carry(way: Way, intent: UploadIntent, data: Source, signal?: AbortSignal): Promise<void> {
  if (way === "chunks" && intent.chunks) return byChunks(intent.chunks.url, intent.chunks, data, signal);
  if (way === "parts" && intent.parts_url) return byParts(intent.parts_url, data, signal);
  if (!intent.url) throw new Offline(new Error("The answer names no address for the file."));
  const method = intent.method === "POST" ? "POST" : "PUT";
  await put(intent.url, { method, headers: intent.headers ?? {}, body: await data.range(0, data.bytes), timeoutMs: intent.chunks ? WHOLE_TIMEOUT_MS : PART_TIMEOUT_MS }, signal);
}

async function put(url: string, options: Parameters<typeof putBytes>[1], signal?: AbortSignal): Promise<Response> {
  try {
    return await putBytes(url, { ...options, ...(signal ? { signal } : {}) });
  } catch (error) {
    throw error instanceof Offline ? new CutOff(error) : error;
  }
}

interface Chunks {
  chunk_bytes: number;
  offset: number;
}

async function byChunks(url: string, { chunk_bytes, offset }: Chunks, data: Source, signal?: AbortSignal): Promise<void> {
  let at = offset;
  let longest = Math.min(FIRST_CHUNK_BYTES, chunk_bytes);
  for (let silences = 0; at < data.bytes; ) {
    try {
      const [from, began] = [at, performance.now()];
      at = await sendChunk(url, from, await data.range(from, Math.min(from + longest, data.bytes)), signal);
      if (at > from) longest = Math.min(chunk_bytes, Math.max(SMALLEST_CHUNK_BYTES, chunkFor(at - from, performance.now() - began)));
      silences = 0;
    } catch (error) {
      if (!(error instanceof CutOff) || (silences += 1) > PATIENCE) throw error;
      await lineBroke();
      await pause(PAUSE_MS * silences, signal);
      at = await askOffset(url, at, signal);
    }
  }
}

/** How much a line carries in the time that a chunk may take, when it carried so many bytes in so many milliseconds. */
function chunkFor(bytes: number, ms: number): number {
  return Math.round((bytes / Math.max(ms, 1)) * 1000 * CHUNK_S);
}

/** The offset after the chunk, or the true one when it is another: an answer was lost, or a cut chunk was half there. */
async function sendChunk(url: string, at: number, chunk: ArrayBuffer, signal?: AbortSignal): Promise<number> {
  try {
    const headers = { "Upload-Offset": String(at) };
    const answer = await put(url, { method: "PATCH", headers, body: chunk, timeoutMs: PIECE_TIMEOUT_MS }, signal);
    return offsetOf(answer) ?? at + chunk.byteLength;
  } catch (error) {
    const told = error instanceof ProblemError && error.code === "upload-offset-wrong" ? error.problem["offset"] : undefined;
    if (typeof told !== "number" || told === at) throw error;
    return told;
  }
}

/** Where the server stands; `at` when it cannot be asked just now, for a wrong offset is put right by the answer. */
async function askOffset(url: string, at: number, signal?: AbortSignal): Promise<number> {
  try {
    return offsetOf(await put(url, { method: "HEAD", timeoutMs: PIECE_TIMEOUT_MS }, signal)) ?? at;
  } catch (error) {
    if (error instanceof CutOff) return at;
    throw error;
  }
}

function offsetOf(answer: Response): number | null {
  const told = Number(answer.headers.get("Upload-Offset") ?? NaN);
  return Number.isInteger(told) ? told : null;
}

/** Parts that are there already are passed over; each address is asked for just before it is used. */
async function byParts(url: string, data: Source, signal?: AbortSignal): Promise<void> {
  const options = signal ? { signal } : {};
  const { part_bytes, count, done } = await callJson<PartsAnswer>(url, options);
  for (let number = 1; number <= count; number += 1) {
    if (done.includes(number)) continue;
    const asked = await callJson<PartsAnswer>(url, { method: "POST", json: { numbers: [number] }, ...options });
    const part = asked.parts[0];
    if (!part) return;
    const from = (number - 1) * part_bytes;
    const piece = await data.range(from, from + part.bytes);
    await put(part.url, { method: "PUT", headers: part.headers, body: piece, timeoutMs: PART_TIMEOUT_MS }, signal);
  }
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
