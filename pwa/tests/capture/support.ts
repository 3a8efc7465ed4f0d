/** A foreman, his phone, and a server that answers as the contract says and fails when told to. */
import "fake-indexeddb/auto";
import { vi } from "vitest";
import { fromBase64, sha256Hex } from "../../src/capture/bytes";
import { db } from "../../src/capture/db";
import { makeKey, pae } from "../../src/capture/keys";
import type { ActPayload, ActResult, Envelope, FeedPage, ReceiptBody } from "../../src/capture/types";

export const PROJECT = "01990000-0000-7000-8000-00000000000a";
export const OTHER_PROJECT = "01990000-0000-7000-8000-00000000000b";
export const DEVICE = "01990000-0000-7000-8000-0000000000d1";
export const FOREMAN = { id: "01990000-0000-7000-8000-0000000000f1", display_name: "李建国", login: "li" };

/** An empty phone on which the foreman is signed in; returns the public half of its key. */
export async function freshPhone(): Promise<void> {
  await db.delete();
  await db.open();
  const key = await makeKey();
  await db.keys.add({ device_id: DEVICE, login: FOREMAN.login, person_id: FOREMAN.id, ...key, seq: 0, prev: null });
  await db.session.put({
    name: "current",
    person: FOREMAN,
    device_id: DEVICE,
    access_token: "token-1",
    access_until: Date.now() + 3600_000,
    refresh_token: "refresh-1",
    expired: false,
    projects: [{ id: PROJECT, name: "Tower A", name_en: null, roles: ["crew"], state: "active", sample: false }],
    project_id: PROJECT,
  });
}

export function receipt(more: Partial<ReceiptBody> = {}): ReceiptBody {
  return { material: "rebar", quantity: "12.5", unit: "t", qr: "0123456789abcdefghjkmnpqrs", heat_no: "H-2231", ...more };
}

export function photo(text: string) {
  return { data: new Blob([text], { type: "image/jpeg" }), role: "photo", capture: "camera" as const };
}

export function readEnvelope(envelope: Envelope): ActPayload {
  return JSON.parse(new TextDecoder().decode(fromBase64(envelope.payload))) as ActPayload;
}

export function paeDigest(envelope: Envelope): Promise<string> {
  return sha256Hex(pae(fromBase64(envelope.payload)));
}

interface Seen {
  method: string;
  path: string;
  /** The body as it went over the wire. */
  body: string;
  headers: Headers;
}

/** The other end of `fetch`. Everything it is asked stands in `asked`, in order. */
export class FakeServer {
  readonly asked: Seen[] = [];
  readonly stored = new Map<string, Envelope>();
  readonly uploaded = new Map<string, Uint8Array>();
  /** Runs before each answer; throw a TypeError for a dead line, return a Response to answer otherwise. */
  before: (seen: Seen) => Response | undefined | void = () => undefined;
  /** Runs after the server has done its work; throw to lose the answer. */
  after: (seen: Seen) => void = () => undefined;
  judge: (act: ActPayload) => Partial<ActResult> = () => ({});
  feed: FeedPage = { changes: [], cursor: 0, head: 0, more: false };
  /** The problem that completing an upload answers, if any. */
  verify: (sha256: string) => string | null = () => null;

  constructor() {
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => this.answer(url, init));
  }

  paths(): string[] {
    return this.asked.map((seen) => `${seen.method} ${seen.path.replace(/\?.*/, "")}`);
  }

  private async answer(url: string, init: RequestInit = {}): Promise<Response> {
    const raw = init.body instanceof ArrayBuffer ? new TextDecoder().decode(init.body) : ((init.body as string | null) ?? "");
    const seen = { method: init.method ?? "GET", path: url, body: raw, headers: new Headers(init.headers) };
    this.asked.push(seen);
    const instead = this.before(seen);
    if (instead) return instead;
    const answer = this.route(seen, init);
    this.after(seen);
    return answer;
  }

  private route(seen: Seen, init: RequestInit): Response {
    if (seen.path === "/api/acts") return json({ results: this.takeActs(seen.body) });
    if (seen.path.startsWith("/api/feed")) return json(this.feed);
    if (seen.path === "/api/me") return json(this.me());
    if (seen.path === "/api/token") return json({ access_token: "token-2", expires_in: 600, refresh_token: "refresh-2" });
    if (seen.path.endsWith("/uploads")) return json(this.intents(seen.body));
    if (seen.path.startsWith("/put/")) {
      this.uploaded.set(seen.path.slice(5), new Uint8Array(init.body as ArrayBuffer));
      return new Response(null, { status: 200 });
    }
    const complete = /uploads\/([0-9a-f]{64})\/complete$/.exec(seen.path);
    if (complete?.[1]) {
      const slug = this.verify(complete[1]);
      return slug ? refusal(422, slug) : json({ sha256: complete[1], status: "verified" });
    }
    if (seen.path === "/api/sign-out") return new Response(null, { status: 204 });
    return refusal(404, "not-found");
  }

  private takeActs(body: string): ActResult[] {
    const { envelopes } = JSON.parse(body) as { envelopes: Envelope[] };
    return envelopes.map((envelope) => {
      const act = readEnvelope(envelope);
      this.stored.set(act.id, envelope);
      const usual = { verdict: "applied", number: this.stored.size, flags: [], waits_for: [], problem: null } as const;
      return { id: act.id, ...usual, received_at: "2026-11-22T08:00:00.000Z", ...this.judge(act) } as ActResult;
    });
  }

  private intents(body: string): object {
    const { files } = JSON.parse(body) as { files: { sha256: string }[] };
    const one = (sha256: string): object =>
      this.uploaded.has(sha256)
        ? { sha256, state: "verified", upload_id: null, method: null, url: null, headers: null, expires_at: null }
        : { sha256, state: "upload", upload_id: sha256, method: "PUT", url: `/put/${sha256}`, headers: {}, expires_at: null };
    return { uploads: files.map((file) => one(file.sha256)) };
  }

  private me(): object {
    const project = { id: PROJECT, name: "Tower A", name_en: null, roles: ["crew"], state: "active", sample: false };
    return { person: FOREMAN, device_id: DEVICE, device_seq: null, projects: [project], server_time: new Date().toISOString() };
  }
}

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json" } });
}

/** A snapshot as the server makes it. */
export async function snapshotFile(cursor: number, rows: object[], v = 1): Promise<Uint8Array<ArrayBuffer>> {
  const lines = [{ v, project: PROJECT, cursor }, ...rows, { rows: rows.length }];
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Serves a file as the server does: Range, If-Range, and a line that is cut after `cutAfter` bytes. */
export function serveFile(file: Uint8Array<ArrayBuffer>, etag: string, headers: Headers, cutAfter = Infinity): Response {
  const asked = /^bytes=(\d+)-$/.exec(headers.get("Range") ?? "");
  const from = asked && headers.get("If-Range") === etag ? Number(asked[1]) : 0;
  const rest = file.subarray(from);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= cutAfter) return controller.error(new TypeError("network error"));
      const next = rest.subarray(at, Math.min(at + 1000, cutAfter));
      at += next.byteLength;
      if (next.byteLength > 0) controller.enqueue(next);
      if (at >= rest.byteLength) controller.close();
    },
  });
  return new Response(body, {
    status: from > 0 ? 206 : 200,
    headers: { ETag: etag, "Content-Length": String(rest.byteLength) },
  });
}

export function refusal(status: number, slug: string): Response {
  return json({ type: `/problems/${slug}`, title: slug, status, detail: slug }, status);
}

export function deadLine(): never {
  throw new TypeError("Failed to fetch");
}
