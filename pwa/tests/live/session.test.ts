/** Whose work it is: a token that ends between two batches, a log-out that is refused, another person, and a removal. */
import { asked, connect, heard, line, photo, report, sendAll, signInPatiently, unsent, until, url } from "./phone";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../src/capture/db";
import { chooseProject, exportUnsent, handIn, record, signIn, signOut, syncNow, UnsentWork, uuid7, type HandInItem } from "../../src/capture";

const project = asked("PROJECT");
const ended = { access_token: asked("ENDED"), access_until: Date.now() + 3600_000 };
const body = { task: asked("TASK"), kind: "concrete_pour.delivery_check", definition: { key: "concrete_pour", version: 1 }, lots: [] };
/** Every act that was called saved, with who saved it. */
const saved: { id: string; actor: string; device: string }[] = [];

beforeAll(connect);

async function note(count: number, withPhoto = true): Promise<void> {
  const { person, device_id } = (await db.session.get("current"))!;
  for (let at = 0; at < count; at += 1) {
    const files = withPhoto ? [photo(2000)] : [];
    const { act_id } = await record("step:record", uuid7(), body as never, { project, files });
    saved.push({ id: act_id, actor: person.id, device: device_id });
  }
}

const verdicts = async () => new Map((await db.acts.toArray()).map((act) => [act.id, act.verdict]));

test.skipIf(!url)("nothing is lost and nothing goes out under another name", { timeout: 300_000 }, async () => {
  await signInPatiently(asked("LOGIN"), asked("PASSWORD"));
  await chooseProject(project);

  // The token ends between two batches.
  line.isCut = true;
  await note(120, false);
  line.isCut = false;
  let batches = 0;
  heard.after = (path) => {
    if (path === "/api/acts" && (batches += 1) === 1) void db.session.update("current", ended);
  };
  await sendAll(20);
  heard.after = () => undefined;
  expect(batches).toBeGreaterThanOrEqual(3); // The second was answered with 401 and went again.

  // Log-out, and another person, while 20 are unsent.
  line.isCut = true;
  await note(20);
  line.isCut = false;
  await expect(signOut()).rejects.toThrow(UnsentWork);
  await expect(signIn(asked("OTHER"), asked("PASSWORD"))).rejects.toThrow(UnsentWork);
  expect(await unsent()).toBe(40);

  // The session ends by itself, and somebody else signs in and works: each under their own name.
  await db.session.update("current", { ...ended, refresh_token: "no such token" });
  await syncNow();
  expect(await db.session.get("current")).toMatchObject({ expired: true });
  await signInPatiently(asked("OTHER"), asked("PASSWORD"));
  await chooseProject(project);
  await note(5);
  await sendAll(20);
  expect([...(await verdicts()).values()].filter((verdict) => verdict !== "applied")).toEqual([]);

  // The person is removed from the project while 5 are unsent: kept there, kept here, and handed in by another.
  line.isCut = true;
  await note(5);
  line.isCut = false;
  await report({ saved });
  await until(asked("REMOVED"));
  for (let round = 0; round < 3; round += 1) await syncNow();
  const after = await verdicts();
  expect(saved.slice(-5).map(({ id }) => after.get(id))).toEqual(Array(5).fill("refused"));
  expect((await db.files.toArray()).filter((file) => file.state !== "sent")).toHaveLength(5);
  await expect(signOut()).rejects.toThrow(UnsentWork);
  const zip = await exportUnsent();
  await db.session.update("current", { ...ended, refresh_token: "no such token" });
  await syncNow();
  await signInPatiently(asked("LOGIN"), asked("PASSWORD"));
  const states = (items: HandInItem[]) => items.map((one) => `${one.what} ${one.state}`);
  expect(states((await handIn(zip)).items)).toEqual(Array(5).fill("file accepted"));
});
