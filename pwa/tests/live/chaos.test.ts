/**
 * The engine on a line as sites have it, against a real server: many steps with photos, recorded without a line, then
 * sent through resets, lost answers and delay. tests/faults/test_chaos.py starts server and line, names them here, and
 * looks afterwards at what the server holds.
 */
import { asked, askedNumber, connect, hurry, line, photo, sendAll, signInPatiently, url } from "./phone";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../src/capture/db";
import { lineCarried } from "../../src/capture/line";
import { chooseProject, record, uuid7 } from "../../src/capture";

const project = asked("PROJECT");
const [steps, photos, photoBytes] = [askedNumber("STEPS"), askedNumber("PHOTOS"), askedNumber("PHOTO_BYTES")];

beforeAll(() => {
  connect();
  hurry(askedNumber("PAUSES") || 1, askedNumber("LIMITS") || 1);
});

const body = {
  task: asked("TASK"),
  kind: "concrete_pour.delivery_check",
  definition: { key: "concrete_pour", version: 1 },
  lots: [],
};

test.skipIf(!url)("every step that was recorded arrives once, with every photo", { timeout: 3 * 3_600_000 }, async () => {
  await signInPatiently(asked("LOGIN"), asked("PASSWORD"));
  await chooseProject(project);
  line.isCut = true;
  for (let at = 0; at < steps; at += 1) {
    await record("step:record", uuid7(), body as never, { project, files: Array.from({ length: photos }, () => photo(photoBytes)) });
  }
  line.isCut = false;
  // What the line was worth a minute ago, where somebody has just come down from a better one.
  if (asked("CARRIED")) await lineCarried(askedNumber("CARRIED"), 1000);
  await sendAll();
  expect((await db.acts.toArray()).map((act) => act.verdict).filter((verdict) => verdict === "refused")).toEqual([]);
  const files = await db.files.toArray();
  expect(files).toHaveLength(steps * photos);
  expect(files.filter((file) => file.verified_at === null)).toEqual([]);
});
