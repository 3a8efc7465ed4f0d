/** A phone whose clock is wrong, is set, and changes its zone, while it records and sends; every act keeps its place. */
import { asked, connect, line, photo, report, sendAll, signInPatiently, url } from "./phone";
import { beforeAll, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { chooseProject, me, payloadOf, record, syncNow, uuid7 } from "../../src/capture";

declare const process: { env: Record<string, string | undefined> };
const HOUR = 3600_000;
const Real = Date;
/** How far this phone's clock is from the right one, ms. */
let off = 0;

class Wrong extends Real {
  constructor(...given: [] | [number | string]) {
    super(given.length === 0 ? Real.now() + off : given[0]);
  }
  static override now(): number {
    return Real.now() + off;
  }
}

beforeAll(() => {
  connect();
  vi.stubGlobal("Date", Wrong);
});

const body = { task: asked("TASK"), kind: "concrete_pour.delivery_check", definition: { key: "concrete_pour", version: 1 }, lots: [] };

test.skipIf(!url)("no act is refused for its clock, and each says how wrong it was", { timeout: 240_000 }, async () => {
  const project = asked("PROJECT");
  const truth = new Map<string, number>();
  const note = async (files = [photo(2000)]): Promise<void> => {
    truth.set((await record("step:record", uuid7(), body as never, { project, files })).act_id, off);
  };
  await signInPatiently(asked("LOGIN"), asked("PASSWORD"));
  await chooseProject(project);
  await note();
  for (const wrong of [3 * HOUR, -48 * HOUR]) {
    off = wrong; // A wrong clock that the server has had a chance to tell of.
    await syncNow();
    await me();
    await note();
    await sendAll(20);
  }
  off = 0;
  await me();
  line.isCut = true;
  // Set forward, back, and by a daylight-saving rule gone wrong, with nobody to ask.
  for (const wrong of [3 * HOUR, -48 * HOUR, HOUR, 0]) {
    off = wrong;
    await note();
  }
  // Zones change what the clock shows and not what it says; the last two are the night on which New York turns back.
  for (const zone of ["Asia/Shanghai", "Pacific/Kiritimati", "America/New_York", "UTC"]) {
    process.env["TZ"] = zone;
    await note();
  }
  line.isCut = false;
  await sendAll(20);

  const acts = (await db.acts.toArray()).sort((a, b) => a.seq - b.seq);
  expect(acts.map((act) => act.verdict)).toEqual(Array(truth.size).fill("applied"));
  expect(acts.map((act) => act.seq)).toEqual(acts.map((_, at) => at + 1));
  expect([...truth.keys()]).toEqual(acts.map((act) => act.id));
  const claims = acts.map((act) => payloadOf(act).at);
  expect(new Set(claims.map((at) => at.offset_min)).size).toBeGreaterThanOrEqual(3);
  const errors = acts.map((act, at) => Math.abs((claims[at]!.skew_ms ?? Infinity) - truth.get(act.id)!));
  await report({ acts: acts.map((act) => act.id), worst_ms: Math.max(...errors) });
  expect(Math.max(...errors)).toBeLessThanOrEqual(2000);
});
