/**
 * One phone, several people: whoever hands it over has their session sealed with a key made from their PIN, and only
 * the PIN opens it again. What they recorded stays under their name and waits: while somebody else works, none of it is
 * sent, shown or dropped.
 *
 * A PIN keeps a colleague from signing in somebody's name. It does not keep a thief with the phone's disk from trying all
 * of them; the manager's revocation of the device does.
 */
import { db, type PersonEntry, type PersonLock, type SessionEntry } from "./db";
import { utf8, type Bytes } from "./bytes";
import { draftOf } from "./drafts";
import { CaptureError, NotSignedIn, UnsentWork } from "./errors";
import { forgetFileUrls } from "./files";
import { dropBytes } from "./kept";
import { live } from "./live";
import { exclusive } from "./locks";
import { requireSession } from "./session";
import { stopSending } from "./stopping";
import type { Uuid } from "./types";
import { countUnsent } from "./unsent";
import { wake } from "./wake";

const ROUNDS = 600_000;
export const PIN = /^\d{4,8}$/;
/** So many may be wrong before it takes longer, and so many before the password is wanted. */
const FREE = 3;
const MOST = 10;
const WAIT_MS = 30_000;

/** The PIN is not right. `wait_ms` until another is tried; `none_left`: only the password helps now. */
export class PinWrong extends CaptureError {
  constructor(
    readonly wait_ms: number,
    readonly none_left: boolean,
  ) {
    super("pin-wrong", "The PIN is not right.");
  }
}

export interface KnownPerson {
  person_id: Uuid;
  name: string;
  login: string | null;
  not_before: number;
  none_left: boolean;
}

/** Who can unlock this phone by a PIN; undefined until the database has answered. */
export const knownPeople = live<KnownPerson[]>(async () =>
  (await db.people.toArray()).map(({ person_id, name, login, not_before, wrong }) => ({
    person_id,
    name,
    login,
    not_before,
    none_left: wrong >= MOST,
  })),
);

/** Whether the person at work has set a PIN. */
export const hasPin = live<boolean>(async () => (await db.session.get("current"))?.lock !== undefined);

/** Set or change the PIN of the person at work: 4 to 8 digits. */
export async function setPin(pin: string): Promise<void> {
  if (!PIN.test(pin)) throw new CaptureError("pin-malformed", "A PIN has 4 to 8 digits.");
  await requireSession();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const lock: PersonLock = { key: await keyOf(pin, salt, ROUNDS), salt, rounds: ROUNDS };
  await db.session.update("current", { lock });
}

/** Seal the session of the person at work. What is on its way is broken off first: it goes on when they are back. */
export async function handOver(): Promise<void> {
  stopSending();
  await exclusive("outbox", () => exclusive("token", seal));
  forgetFileUrls();
}

async function seal(): Promise<void> {
  const { lock, ...session } = await requireSession();
  if (!lock) throw new CaptureError("pin-missing", "A PIN must be set first.");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock.key, utf8(JSON.stringify(session)));
  const { id: person_id, display_name: name, login } = session.person;
  const entry: PersonEntry = { person_id, name, login, salt: lock.salt, rounds: lock.rounds, iv, sealed, wrong: 0, not_before: 0 };
  await db.transaction("rw", db.people, db.session, async () => {
    await db.people.put(entry);
    await db.session.delete("current");
  });
}

/** Open somebody's session with their PIN. Throws PinWrong, and NotSignedIn when nothing is sealed for them. */
export async function unlock(person_id: Uuid, pin: string): Promise<void> {
  // One try at a time, counted before it is made: a page closed in the middle of a try has used it up.
  await exclusive("pin", async () => {
    const entry = await counted(person_id);
    const key = await keyOf(pin, entry.salt, entry.rounds);
    const session = await opened(entry, key);
    if (!session) throw new PinWrong(entry.not_before - Date.now(), entry.wrong >= MOST);
    await db.transaction("rw", db.people, db.session, async () => {
      await db.session.put({ ...session, lock: { key, salt: entry.salt, rounds: entry.rounds } });
      await db.people.delete(person_id);
    });
  });
  wake();
}

async function counted(person_id: Uuid): Promise<PersonEntry> {
  return db.transaction("rw", db.people, async () => {
    const entry = await db.people.get(person_id);
    if (!entry) throw new NotSignedIn();
    const wait = entry.not_before - Date.now();
    if (entry.wrong >= MOST || wait > 0) throw new PinWrong(Math.max(0, wait), entry.wrong >= MOST);
    const wrong = entry.wrong + 1;
    const not_before = wrong < FREE ? 0 : Date.now() + WAIT_MS * 2 ** (wrong - FREE);
    const now = { ...entry, wrong, not_before };
    await db.people.put(now);
    return now;
  });
}

async function opened({ iv, sealed }: PersonEntry, key: CryptoKey): Promise<SessionEntry | null> {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
    return JSON.parse(new TextDecoder().decode(plain)) as SessionEntry;
  } catch {
    return null;
  }
}

/** Sign-out on a phone where others have work: mine goes, theirs and the project's rows stay. */
export async function leaveOthers(): Promise<void> {
  const { person } = await requireSession();
  const mine = (await db.keys.where("login").equals(person.login ?? "").toArray()).filter((key) => key.person_id === person.id);
  const devices = new Set(mine.map((key) => key.device_id));
  const touched = ["session", "acts", "files", "bytes", "pieces", "drafts", "keys", "people"];
  await db.transaction("rw", touched, async () => {
    const { acts: unsentActs, files: unsentFiles } = await countUnsent();
    if (unsentActs + unsentFiles > 0) throw new UnsentWork(unsentActs, unsentFiles);
    const acts = await db.acts.filter((act) => devices.has(act.device_id)).primaryKeys();
    const gone = new Set(acts);
    const files = await db.files.filter((file) => file.act_ids.every((id) => gone.has(id))).toArray();
    await dropBytes(files);
    await db.files.bulkDelete(files.map((file): [Uuid, string] => [file.project_id, file.sha256]));
    await db.acts.bulkDelete(acts);
    await db.drafts.where("key").startsWith(draftOf(person.id, "")).delete();
    await db.session.delete("current");
  });
}

async function keyOf(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
