/**
 * One request to our own server, or to an upload address it gave us.
 *
 * Answers that are no success become ProblemError, silence becomes Offline. Nothing is retried here.
 */
import { witnessServerTime } from "./clock";
import { Offline, ProblemError } from "./errors";
import { acceptLanguage } from "./settings";
import type { Problem } from "./types";

export interface Call {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds until the answer's head must be there; photos on a bad line need long ones. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/** The response, its status 2xx or 304. Throws ProblemError, Offline, and the signal's own AbortError. */
export async function send(path: string, call: Call = {}, bearer?: string): Promise<Response> {
  const headers = new Headers(call.headers);
  headers.set("Accept-Language", acceptLanguage());
  if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
  if (call.json !== undefined) headers.set("Content-Type", "application/json");
  return request(path, { ...call, headers, body: call.json === undefined ? call.body : JSON.stringify(call.json) });
}

/** PUT bytes to an upload address with exactly the headers that were signed, and no token of ours. */
export async function putBytes(url: string, call: Call): Promise<Response> {
  return request(url, { ...call, headers: new Headers(call.headers), body: call.body });
}

interface Prepared {
  method?: Call["method"];
  headers: Headers;
  body: BodyInit | undefined;
  signal?: AbortSignal;
  timeoutMs?: number;
}

async function request(url: string, call: Prepared): Promise<Response> {
  const limit = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  const sentAt = Date.now();
  let response: Response;
  try {
    response = await fetch(url, {
      method: call.method ?? "GET",
      headers: call.headers,
      body: call.body ?? null,
      signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit,
      // Session cookies do not exist here, and an upload address must not get any.
      credentials: "omit",
    });
  } catch (error) {
    call.signal?.throwIfAborted();
    throw new Offline(error);
  }
  witnessDate(response, sentAt);
  if (response.ok || response.status === 304) return response;
  throw await problemOf(response);
}

function witnessDate(response: Response, sentAt: number): void {
  const date = response.headers.get("Date");
  // The header is cut to whole seconds; half a second more is the better guess.
  if (date) witnessServerTime(Date.parse(date) + 500, sentAt, Date.now());
}

async function problemOf(response: Response): Promise<ProblemError> {
  let problem: Problem;
  try {
    const found = (await response.json()) as Partial<Problem>;
    problem = { ...found, type: found.type ?? fallbackType(response), title: found.title ?? response.statusText, status: response.status };
  } catch {
    // A proxy's or a store's own page: no problem document, so only the status speaks.
    problem = { type: fallbackType(response), title: response.statusText || `HTTP ${response.status}`, status: response.status };
  }
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return new ProblemError(problem, Number.isFinite(seconds) ? seconds * 1000 : null);
}

function fallbackType(response: Response): string {
  return `/problems/http-${response.status}`;
}

/** The JSON of an answer. A broken body counts as no answer. */
export async function readJson<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new Offline(error);
  }
}
