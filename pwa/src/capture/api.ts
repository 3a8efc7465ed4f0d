/**
 * Requests as the signed-in person: the token, its renewal, JSON.
 *
 * The refresh token is good once. Renewal therefore happens under one Web Lock, and whoever waited for the lock
 * takes the token that the other tab has just stored.
 */
import { db, type SessionEntry } from "./db";
import { NotSignedIn, ProblemError } from "./errors";
import { readJson, send, type Call } from "./http";
import { exclusive } from "./locks";
import type { TokenAnswer } from "./types";

/** Renew this long before the end, so that a request does not set out with a token that dies on the way. */
const MARGIN_MS = 30_000;

/** The response to an authorized request. Throws ProblemError, Offline, NotSignedIn. */
export async function call(path: string, options: Call = {}): Promise<Response> {
  const token = await freshToken();
  try {
    return await send(path, options, token);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401) throw error;
    return send(path, options, await renew(token));
  }
}

/** The JSON answer to an authorized request. */
export async function callJson<T>(path: string, options: Call = {}): Promise<T> {
  return readJson<T>(await call(path, options));
}

/** GET as the signed-in person. `query` members that are undefined or null are left out. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return callJson<T>(withQuery(path, query), signal ? { signal } : {});
}

/** POST JSON as the signed-in person. For acts use `record`, never this. */
export async function post<T>(path: string, json: unknown, signal?: AbortSignal): Promise<T> {
  return callJson<T>(path, { method: "POST", json, ...(signal ? { signal } : {}) });
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

async function freshToken(): Promise<string> {
  const session = await current();
  return session.access_until - Date.now() > MARGIN_MS ? session.access_token : renew(session.access_token);
}

async function current(): Promise<SessionEntry> {
  const session = await db.session.get("current");
  if (!session || session.expired) throw new NotSignedIn();
  return session;
}

/** A token other than `stale`. Throws NotSignedIn when the server refuses to renew; the session is then marked expired. */
async function renew(stale: string): Promise<string> {
  return exclusive("token", async () => {
    const session = await current();
    if (session.access_token !== stale) return session.access_token;
    try {
      const body = { refresh_token: session.refresh_token };
      const answer = await readJson<TokenAnswer>(await send("/api/token", { method: "POST", json: body }));
      await db.session.update("current", tokens(answer));
      return answer.access_token;
    } catch (error) {
      // A refusal ends the session; a silence does not, for the next try may be heard.
      if (!(error instanceof ProblemError) || ![400, 401, 403].includes(error.status)) throw error;
      await db.session.update("current", { expired: true });
      throw new NotSignedIn();
    }
  });
}

/** What of a token answer is kept. */
export function tokens(answer: TokenAnswer): Pick<SessionEntry, "access_token" | "access_until" | "refresh_token"> {
  return {
    access_token: answer.access_token,
    access_until: Date.now() + answer.expires_in * 1000,
    refresh_token: answer.refresh_token,
  };
}
