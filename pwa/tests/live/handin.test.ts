/** What one phone exported, handed in by somebody else at a desk, and the phone that then sends it all the same. */
import { asked, connect, laidAside, line, photo, sendAll, signInPatiently, unsent, url } from "./phone";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../src/capture/db";
import { chooseProject, exportUnsent, handIn, record, storedAct, syncNow, uuid7 } from "../../src/capture";

const STEPS = 3;
beforeAll(connect);

test.skipIf(!url)("an export is handed in twice and sent by its phone, and everything is there once", { timeout: 240_000 }, async () => {
  const project = asked("PROJECT");
  await signInPatiently(asked("LOGIN"), asked("PASSWORD"));
  await chooseProject(project);
  line.isCut = true;
  const body = { task: asked("TASK"), kind: "concrete_pour.delivery_check", definition: { key: "concrete_pour", version: 1 }, lots: [] };
  for (let at = 0; at < STEPS; at += 1) {
    await record("step:record", uuid7(), body as never, { project, files: [photo(40_000), photo(300_000)] });
  }
  const zip = await exportUnsent();
  const acts = (await db.acts.toArray()).sort((a, b) => a.seq - b.seq);
  line.isCut = false;

  await laidAside(async () => {
    await signInPatiently(asked("OTHER"), asked("PASSWORD"));
    const first = await handIn(zip);
    expect(first.items.map((one) => [one.what, one.state])).toEqual([
      ...Array<string[]>(STEPS).fill(["act", "accepted"]), ...Array<string[]>(2 * STEPS).fill(["file", "accepted"]),
    ]);
    expect((await handIn(zip)).items.map((one) => one.state)).toEqual(Array(3 * STEPS).fill("here"));
    const [stored, mine] = [await storedAct(project, acts[0]!.id), (await db.session.get("current"))!.person];
    expect(stored).toMatchObject({ device_id: acts[0]!.device_id, handed_in_by: mine.id, signature_holds: true });
    expect(stored.actor_id).not.toBe(mine.id);
  });

  expect(await unsent()).toBe(3 * STEPS);
  await sendAll(20);
  await syncNow();
  expect((await db.acts.toArray()).map((act) => [act.verdict, act.problem])).toEqual(Array(STEPS).fill(["applied", null]));
});
