/** Reading by a link: its token lives in this page's memory only, and the server decides anew with each request. */
import { ProblemError } from "../../capture";
import { withQuery, type Query } from "../../capture/api";
import { readJson, send } from "../../capture/http";
import type { components } from "../../shared/api.gen";
import type { Problem } from "../../shared/kit/problem";
import type { Definitions } from "../state/definitions";
import { problemOf } from "../state/problems";

export type Opened = components["schemas"]["OpenedOut"];
export type Contents = components["schemas"]["ContentsOut"];

/** A refusal that ends the visit: the link itself is gone. */
const ENDED = /\/link-(expired|revoked|unknown)$/;

export class Visit {
  /** What the link opened; null before, and after it ended. */
  opened = $state.raw<Opened | null>(null);
  /** Why there is nothing to see, in the reader's language. */
  problem = $state.raw<Problem | null>(null);
  definitions = $state.raw<Definitions | undefined>(undefined);
  readonly #code: string;

  constructor(code: string) {
    this.#code = code;
  }

  /** Open the link, or open it again; `problem` says why not. */
  async open(): Promise<void> {
    this.problem = null;
    try {
      this.opened = await this.#open();
      this.definitions ??= await readJson<Definitions>(await send("/api/definitions"));
    } catch (error) {
      this.#end(error);
    }
  }

  async #open(): Promise<Opened> {
    return readJson<Opened>(await send("/api/links/open", { method: "POST", json: { code: this.#code } }));
  }

  /** GET below the project. Throws ProblemError, Offline; when the link has ended, the visit ends too. */
  async get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return readJson<T>(await this.#send(withQuery(path, query), signal));
  }

  /** The bytes of a photo as an address for `<img>`; the caller gives it back. */
  async picture(sha256: string, size: 320 | 1600, signal?: AbortSignal): Promise<string> {
    const answer = await this.#send(`/files/${sha256}/preview?size=${size}`, signal);
    return URL.createObjectURL(await answer.blob());
  }

  /** A photo's original, byte for byte. */
  async original(sha256: string): Promise<Blob> {
    return (await this.#send(`/files/${sha256}`)).blob();
  }

  async #send(path: string, signal?: AbortSignal): Promise<Response> {
    try {
      return await this.#ask(path, signal);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (ENDED.test(error.problem.type)) this.#end(error);
      if (error.status !== 401) throw error;
    }
    // The token lives for minutes; the link opens again for as long as it stands.
    await this.open();
    return this.#ask(path, signal);
  }

  #ask(path: string, signal?: AbortSignal): Promise<Response> {
    const at = `/api/projects/${this.opened?.project_id ?? ""}${path}`;
    return send(at, signal ? { signal } : {}, this.opened?.access_token);
  }

  #end(error: unknown): void {
    this.opened = null;
    this.problem = problemOf(error);
  }
}
