/**
 * One phone in a test against a real server: its line, its photos, and sending until nothing is left. What a Python test
 * asks of it stands in the environment (tests/support/engine.py).
 */
import "fake-indexeddb/auto";
import { expect, vi } from "vitest";
import { db } from "../../src/capture/db";
import { signIn, syncNow } from "../../src/capture";

// Only these tests know Node; the engine they load is typed for browsers.
declare const process: { env: Record<string, string | undefined> };

export const asked = (name: string): string => process.env[`PHONE_${name}`] ?? "";
export const askedNumber = (name: string): number => Number(asked(name) || 0);
export const url = asked("URL");
if (!url) console.info("Skipped: PHONE_URL names no server; a test in tests/faults does.");

/** The phone's own line: without it, every request fails at once. */
export const line = { isCut: false };

/** Called after what each request was answered; throw to lose the answer. */
export const heard: { after: (path: string, response: Response) => void } = { after: () => undefined };

export function connect(): void {
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (line.isCut) throw new TypeError("no line");
    const response = await real(new URL(path, url), init);
    heard.after(path, response);
    return response;
  });
}

/** Scaled time: the phone's pauses become so many times shorter, and its patience with an answer. */
export function hurry(pauses: number, limits: number): void {
  const [later, limit] = [globalThis.setTimeout, AbortSignal.timeout.bind(AbortSignal)];
  if (pauses !== 1) vi.stubGlobal("setTimeout", (run: () => void, ms = 0, ...more: []) => later(run, ms / pauses, ...more));
  if (limits !== 1) vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => limit(ms / limits));
}

export function picture(bytes: number): ArrayBuffer {
  const content = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(content.subarray(at, at + 65_536));
  return content.buffer;
}

export const photo = (bytes: number) => ({
  data: picture(bytes), mime: "image/jpeg", role: "photo", subject: "e1", capture: "camera" as const,
});

/** A bad line may swallow the answer to a sign-in; a person tries again. */
export async function signInPatiently(login: string, password: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    if (await signIn(login, password).then(() => true, () => false)) return;
    expect(tries).toBeLessThan(200);
  }
}

export async function unsent(): Promise<number> {
  const [acts, files] = [await db.acts.toArray(), await db.files.toArray()];
  return acts.filter((act) => act.verdict === null).length + files.filter((file) => file.state !== "sent").length;
}

/** A person's patience in small: each round is what a phone does after its back-off, which is not waited for here. */
export async function sendAll(rounds = 3000): Promise<void> {
  for (let round = 0; (await unsent()) > 0 && round < rounds; round += 1) await syncNow();
  expect(await unsent()).toBe(0);
}

interface Files {
  existsSync: (path: string) => boolean;
  writeFileSync: (path: string, text: string) => void;
  renameSync: (from: string, to: string) => void;
}
const files = () => import(/* @vite-ignore */ `${"node"}:fs`) as Promise<Files>;

/** Tell the Python test, which waits for the file. */
export async function report(value: object): Promise<void> {
  const { writeFileSync, renameSync } = await files();
  writeFileSync(`${asked("REPORT")}.new`, JSON.stringify(value));
  renameSync(`${asked("REPORT")}.new`, asked("REPORT"));
}

/** Wait until the Python test has put this file there. */
export async function until(path: string): Promise<void> {
  const { existsSync } = await files();
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Everything that this phone holds, taken out of its database and put back: a phone laid aside while another is used. */
export async function laidAside(meanwhile: () => Promise<void>): Promise<void> {
  const kept = new Map<string, unknown[]>();
  for (const table of db.tables) kept.set(table.name, await table.toArray());
  await Promise.all(db.tables.map((table) => table.clear()));
  await meanwhile();
  await Promise.all(db.tables.map((table) => table.clear()));
  for (const table of db.tables) await table.bulkPut(kept.get(table.name)!);
}
