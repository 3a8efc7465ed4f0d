/**
 * How a file travels. Whole, where the line carries it; in chunks of 256 KiB that resume where the line was cut; in
 * parts of 8 MiB when it is large. The server keeps every byte of a cut chunk and says how far it came.
 */
import { callJson } from "./api";
import { Offline, ProblemError } from "./errors";
import { putBytes } from "./http";
import type { Source } from "./kept";
import type { PartsAnswer, UploadIntent } from "./types";

export type Way = "whole" | "chunks" | "parts";

const WHOLE_BYTES = 5 * 1024 * 1024;
/** 5 MiB at 20 KiB a second: slower lines than that need another try anyway. */
const WHOLE_TIMEOUT_MS = 5 * 60_000;
const PIECE_TIMEOUT_MS = 3 * 60_000;
/** Silences in a row on one file before the next file gets its turn. */
const PATIENCE = 4;
const PAUSE_MS = 500;

/** The line did not carry a file; what the API is asked may still come through. */
export class CutOff extends Offline {}

/** The way for a file of `bytes`. On a bad line everything goes in chunks, for 256 KiB are lost there and not 8 MiB. */
export function wayFor(bytes: number, intent: UploadIntent, badLine: boolean): Way {
  if (badLine && intent.chunks) return "chunks";
  if (intent.parts_url) return "parts";
  return bytes > WHOLE_BYTES && intent.chunks ? "chunks" : "whole";
}

/** Bring the bytes to the server. Throws CutOff when the line breaks, ProblemError when an address is refused. */
export async function carry(way: Way, intent: UploadIntent, data: Source, signal?: AbortSignal): Promise<void> {
  if (way === "chunks" && intent.chunks) return byChunks(intent.chunks.url, intent.chunks, data, signal);
  if (way === "parts" && intent.parts_url) return byParts(intent.parts_url, data, signal);
  if (!intent.url) throw new Offline(new Error("The answer names no address for the file."));
  const method = intent.method === "POST" ? "POST" : "PUT";
  await put(intent.url, { method, headers: intent.headers ?? {}, body: await data.range(0, data.bytes), timeoutMs: WHOLE_TIMEOUT_MS }, signal);
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
  for (let silences = 0; at < data.bytes; ) {
    try {
      at = await sendChunk(url, at, await data.range(at, Math.min(at + chunk_bytes, data.bytes)), signal);
      silences = 0;
    } catch (error) {
      if (!(error instanceof CutOff) || (silences += 1) > PATIENCE) throw error;
      await pause(PAUSE_MS * silences, signal);
      at = await askOffset(url, at, signal);
    }
  }
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
    await put(part.url, { method: "PUT", headers: part.headers, body: piece, timeoutMs: WHOLE_TIMEOUT_MS }, signal);
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
