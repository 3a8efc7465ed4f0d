/** Material types, plans, roles and conditions: fetched once, asked about by ETag, readable without a line. */
import { call } from "./api";
import { db } from "./db";
import { readJson } from "./http";
import { live } from "./live";
import type { Names } from "./types";

/** The answer of `/api/definitions`; lists hold slim entries, their full text is at `/api/definitions/{kind}/{key}`. */
export interface Definitions {
  version: string;
  materials: { id: string; names: Names; [member: string]: unknown }[];
  plans: { id: string; names: Names; [member: string]: unknown }[];
  [member: string]: unknown;
}

const NAME = "definitions";

/** What the phone holds; undefined before the first load. */
export const definitions = live<Definitions | undefined>(async () => {
  return (await db.cache.get(NAME))?.value as Definitions | undefined;
});

/** Ask the server for newer definitions. Returns what the phone then holds. Throws as `call` does. */
export async function loadDefinitions(signal?: AbortSignal): Promise<Definitions> {
  const kept = await db.cache.get(NAME);
  const headers: Record<string, string> = kept?.etag ? { "If-None-Match": kept.etag } : {};
  const response = await call("/api/definitions", { headers, ...(signal ? { signal } : {}) });
  if (response.status === 304 && kept) return kept.value as Definitions;
  const value = await readJson<Definitions>(response);
  await db.cache.put({ name: NAME, etag: response.headers.get("ETag"), value, saved_at: new Date().toISOString() });
  return value;
}

/** One definition in full, from the server, or as it was read last when the server is silent. */
export async function loadDefinition<T>(kind: string, key: string, signal?: AbortSignal): Promise<T> {
  const path = `/api/definitions/${encodeURIComponent(kind)}/${encodeURIComponent(key)}`;
  const kept = await db.cache.get(path);
  try {
    const value = await readJson<T>(await call(path, signal ? { signal } : {}));
    await db.cache.put({ name: path, etag: null, value, saved_at: new Date().toISOString() });
    return value;
  } catch (error) {
    if (!kept) throw error;
    return kept.value as T;
  }
}
