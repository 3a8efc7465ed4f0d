/** One of two phones that worked without a line on the same lots, and sends at last while everybody else writes. */
import { asked, connect, line, photo, report, sendAll, signInPatiently, until, url } from "./phone";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../src/capture/db";
import { chooseProject, record, syncNow, uuid7 } from "../../src/capture";

beforeAll(connect);

test.skipIf(!url)("what was recorded in three days without a line is all there", { timeout: 300_000 }, async () => {
  const [project, lots] = [asked("PROJECT"), asked("LOTS").split(",")];
  await signInPatiently(asked("LOGIN"), asked("PASSWORD"));
  await chooseProject(project);
  await syncNow();
  expect(await db.lots.where("project_id").equals(project).count()).toBeGreaterThanOrEqual(lots.length);
  line.isCut = true;
  for (const [at, lot] of lots.entries()) {
    const body = {
      task: asked("TASK"), kind: "concrete_pour.delivery_check", definition: { key: "concrete_pour", version: 1 },
      lots: [{ lot, quantity: "6", unit: "m3" }],
    };
    await record("step:record", uuid7(), body as never, { project, files: at % 4 === 0 ? [photo(20_000)] : [] });
  }
  // Three days later the access token has ended.
  await db.session.update("current", { access_token: asked("ENDED"), access_until: Date.now() + 3600_000 });
  await report({ acts: (await db.acts.toArray()).map((act) => act.id) });
  await until(asked("GO"));
  line.isCut = false;
  await sendAll(50);
  expect((await db.acts.toArray()).filter((act) => act.verdict !== "applied")).toEqual([]);
});
