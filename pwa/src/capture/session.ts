/**
 * Who uses this device: sign-in, joining by invitation, sign-out, the chosen project.
 *
 * The device's key is made here, at sign-in, and enrolled with the server. A person who signs in again keeps the key.
 */
import { get, post, tokens } from "./api";
import { witnessServerTime } from "./clock";
import { db, REPLICA_TABLES, type KeyEntry, type SessionEntry } from "./db";
import { NoProject, NotSignedIn, ProblemError, UnsentWork } from "./errors";
import { forgetFileUrls } from "./files";
import { readJson, send } from "./http";
import { makeKey } from "./keys";
import { live } from "./live";
import type { JoinAnswer, Me, MyProject, Person, SignInAnswer, Uuid } from "./types";
import { countUnsent } from "./unsent";
import { wake } from "./wake";
import type { Readable } from "../shared/store";

/** What screens may know of the session; `expired` still reads and records, and asks for the password to send. */
export type SessionState =
  | { state: "signed-out" }
  | { state: "signed-in" | "expired"; person: Person; device_id: Uuid; projects: MyProject[]; project_id: Uuid | null };

/** The session; undefined until the database has answered. Same in all tabs. */
export const session: Readable<SessionState | undefined> = live(async () => stateOf(await db.session.get("current")));

function stateOf(entry: SessionEntry | undefined): SessionState {
  if (!entry) return { state: "signed-out" };
  const { person, device_id, projects, project_id } = entry;
  return { state: entry.expired ? "expired" : "signed-in", person, device_id, projects, project_id };
}

/** What the server says when the key on this device is no longer good for this person. */
const NEEDS_NEW_KEY = new Set(["device-unknown", "device-not-yours", "device-revoked", "sign-in-on-revoked-device"]);

/**
 * Sign in. Throws ProblemError (wrong password …), Offline, and UnsentWork while another person's work
 * on this device has not reached the server.
 */
export async function signIn(login: string, password: string): Promise<void> {
  await refuseStranger(login);
  const known = await db.keys.where("login").equals(login).last();
  if (known) {
    try {
      const answer = await door<SignInAnswer>("/api/sign-in", { login, password, device: { id: known.device_id } });
      if (continuesChain(known, await settle(answer, null, known))) return;
    } catch (error) {
      if (!(error instanceof ProblemError) || !NEEDS_NEW_KEY.has(error.code)) throw error;
    }
  }
  const key = await makeKey();
  const answer = await door<SignInAnswer>("/api/sign-in", { login, password, device: newDevice(key) });
  await settle(answer, null, enrolled(answer, key));
}

export interface JoinDetails {
  display_name?: string;
  login?: string;
  password?: string;
}

/**
 * Join a project by an invitation's code; the inviter confirms later. Who is signed in and names no other login
 * joins as the same person on the same device. Throws as signIn does.
 */
export async function join(code: string, details: JoinDetails = {}): Promise<Pick<JoinAnswer, "project_id" | "state">> {
  const entry = await db.session.get("current");
  const is_same = entry && !entry.expired && (details.login ?? entry.person.login) === entry.person.login;
  const mine = is_same ? entry : undefined;
  const known = mine && (await db.keys.get(mine.device_id));
  if (!mine) await refuseStranger(details.login ?? null);
  const key = known ?? (await makeKey());
  const device = known ? { id: known.device_id } : newDevice(key);
  const asked = { code, ...details, device };
  const answer = await (mine ? post<JoinAnswer>("/api/join", asked) : door<JoinAnswer>("/api/join", asked));
  await settle(answer, answer.project_id, known ?? enrolled(answer, key));
  return { project_id: answer.project_id, state: answer.state };
}

/**
 * Leave. Throws UnsentWork while anything has not reached the server, for it could not be sent any more.
 * Project data leaves the device; the key stays for the next sign-in.
 */
export async function signOut(): Promise<void> {
  await refuseUnsent();
  const entry = await db.session.get("current");
  if (entry) {
    // Without a line the server learns nothing; its refresh token then ends by its own age.
    await send("/api/sign-out", { method: "POST", json: { refresh_token: entry.refresh_token } }, entry.access_token).catch(
      () => undefined,
    );
  }
  forgetFileUrls();
  if ((await db.people.count()) > 0) {
    const { leaveOthers } = await import("./people");
    return leaveOthers();
  }
  const emptied = ["session", "acts", "files", "bytes", "pieces", "drafts", "meta", "cache", "parts", ...REPLICA_TABLES];
  await db.transaction("rw", [...emptied, "keys", "people"], async () => {
    // Checked again inside, for another tab may have recorded meanwhile.
    await refuseUnsent();
    await Promise.all(emptied.map((table) => db.table(table).clear()));
  });
}

/** Who I am and what I may do, fresh from the server; projects and roles of the session follow it. */
export async function me(): Promise<Me> {
  const sentAt = Date.now();
  const answer = await get<Me>("/api/me");
  witnessServerTime(Date.parse(answer.server_time), sentAt, Date.now());
  await db.transaction("rw", db.session, async () => {
    const entry = await db.session.get("current");
    if (!entry) return;
    const project_id = entry.project_id ?? answer.projects.find((project) => project.state === "active")?.id ?? null;
    await db.session.update("current", { person: answer.person, projects: answer.projects, project_id });
  });
  return answer;
}

/** Work on this project from now on; it need not be known to the server yet (a project just created). */
export async function chooseProject(project_id: Uuid): Promise<void> {
  await requireSession();
  await db.session.update("current", { project_id });
}

/** The session or NotSignedIn. */
export async function requireSession(): Promise<SessionEntry> {
  const entry = await db.session.get("current");
  if (!entry) throw new NotSignedIn();
  return entry;
}

/** The chosen project or NoProject. */
export async function requireProject(): Promise<Uuid> {
  const entry = await requireSession();
  if (!entry.project_id) throw new NoProject();
  return entry.project_id;
}

async function door<T>(path: string, json: unknown): Promise<T> {
  return readJson<T>(await send(path, { method: "POST", json }));
}

type NewKey = Awaited<ReturnType<typeof makeKey>>;

function enrolled(answer: SignInAnswer, key: NewKey): KeyEntry {
  const { device_id, person } = answer;
  return { device_id, login: person.login, person_id: person.id, ...key, seq: 0, prev: null };
}

async function settle(answer: SignInAnswer, project_id: Uuid | null, key: KeyEntry): Promise<Me | null> {
  await db.transaction("rw", db.session, db.keys, db.people, async () => {
    // Whoever knows the password needs no PIN any more.
    await db.people.delete(answer.person.id);
    const before = await db.session.get("current");
    const same = before?.person.id === answer.person.id ? before : undefined;
    if (!(await db.keys.get(key.device_id))) await db.keys.add(key);
    await db.session.put({
      name: "current",
      person: answer.person,
      device_id: key.device_id,
      ...tokens(answer),
      expired: false,
      projects: same?.projects ?? [],
      project_id: project_id ?? same?.project_id ?? null,
    });
  });
  // A first answer is welcome and not needed: without it the projects come with the next synchronization.
  const mine = await me().catch(() => null);
  // The project's rows come at once and not with the next tick.
  wake();
  return mine;
}

/**
 * Whether the server's end of the chain is not ahead of ours. It can be when the browser's data was put back
 * from an older copy; going on with that key would fork the chain, so a new key is made instead.
 */
function continuesChain(key: KeyEntry, answer: Me | null): boolean {
  return (answer?.device_seq?.seq ?? 0) <= key.seq;
}

/**
 * Somebody else must wait until this person's work is through. After the session has ended by itself they need not:
 * the work is signed and goes out with the next person's line, still as the first one's.
 */
async function refuseStranger(login: string | null): Promise<void> {
  const entry = await db.session.get("current");
  if (entry && !entry.expired && entry.person.login !== login) await refuseUnsent();
}

async function refuseUnsent(): Promise<void> {
  const { acts, files } = await countUnsent();
  if (acts + files > 0) throw new UnsentWork(acts, files);
}

function newDevice(key: NewKey): { public_key: string; label: string; kind: "phone" | "office" } {
  const is_phone = globalThis.matchMedia?.("(pointer: coarse)").matches ?? false;
  return { public_key: key.public_key, label: deviceLabel(), kind: is_phone ? "phone" : "office" };
}

function deviceLabel(): string {
  const agent = (globalThis.navigator as Partial<Navigator> | undefined)?.userAgent ?? "";
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? "device";
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? "browser";
  return `${system} ${browser}`;
}
