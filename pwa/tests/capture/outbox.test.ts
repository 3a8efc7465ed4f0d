import { deadLine, FakeServer, freshPhone, photo, PROJECT, OTHER_PROJECT, readEnvelope, receipt, refusal, json } from "./support";
import { beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { UnsentWork } from "../../src/capture/errors";
import { dismissAct, retryAct } from "../../src/capture/outbox";
import { record } from "../../src/capture/record";
import { signOut } from "../../src/capture/session";
import { sync, syncNow, syncStatus } from "../../src/capture/sync";
import { uuid7 } from "../../src/capture/uuid7";

let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  await freshPhone();
});

const receive = (files: string[] = [], project = PROJECT) =>
  record("lot:receive", uuid7(), receipt(), { project, files: files.map(photo) });
const sentBodies = () => server.asked.filter((seen) => seen.path === "/api/acts").map((seen) => seen.body);
const states = async () => (await db.acts.orderBy("recorded_at").toArray()).sort((a, b) => a.seq - b.seq).map((act) => act.state);

test("what was recorded is sent in the order of the chain, with the token", async () => {
  for (let at = 0; at < 3; at += 1) await receive();
  await sync();
  const { envelopes } = JSON.parse(sentBodies()[0]!) as { envelopes: Parameters<typeof readEnvelope>[0][] };
  expect(envelopes.map((envelope) => readEnvelope(envelope).seq)).toEqual([1, 2, 3]);
  expect(server.asked[0]!.headers.get("Authorization")).toBe("Bearer token-1");
  expect(await states()).toEqual(["sent", "sent", "sent"]);
});

test("an answer lost after the commit leads to the same bytes again", async () => {
  await receive();
  server.after = (seen) => seen.path === "/api/acts" && deadLine();
  await sync();
  expect(await states()).toEqual(["waiting"]);
  expect(server.stored.size).toBe(1);
  server.after = () => undefined;
  await syncNow();
  const [first, second] = sentBodies();
  expect(second).toBe(first);
  expect(await states()).toEqual(["sent"]);
});

test("a page closed while sending resends the same bytes after it is opened again", async () => {
  const { act_id } = await receive();
  const { envelope } = (await db.acts.get(act_id))!;
  await db.acts.update(act_id, { state: "sending" });
  db.close();
  await db.open();
  await sync();
  expect(server.stored.get(act_id)).toEqual(envelope);
  expect(await states()).toEqual(["sent"]);
});

test("photos go after the acts, and count as sent only when verified", async () => {
  await receive(["photo one"]);
  await receive(["photo two"]);
  await sync();
  const paths = server.paths();
  expect(paths.indexOf("POST /api/acts")).toBeLessThan(paths.indexOf(`POST /api/projects/${PROJECT}/uploads`));
  expect(server.uploaded.size).toBe(2);
  expect((await db.files.toArray()).every((file) => file.state === "sent" && file.verified_at)).toBe(true);
  expect(await db.bytes.count()).toBe(2);
});

test("no photo is sent while its act has no answer", async () => {
  await receive(["photo"]);
  server.before = (seen) => (seen.path === "/api/acts" ? refusal(500, "crash") : undefined);
  await sync();
  expect(server.paths().some((path) => path.includes("/uploads"))).toBe(false);
  expect((await db.files.toArray())[0]?.state).toBe("waiting");
});

test("a photo that the server refuses needs attention, and the next one goes on", async () => {
  await receive(["bad"]);
  await receive(["good"]);
  const bad = (await db.files.toArray()).find((file) => file.bytes === 3)!.sha256;
  server.verify = (sha256) => (sha256 === bad ? "file-digest-mismatch" : null);
  await sync();
  const problem = { type: "/problems/file-digest-mismatch" };
  const files = await db.files.toArray();
  expect(files.find((file) => file.sha256 === bad)).toMatchObject({ state: "needs-attention", problem, verified_at: null });
  expect(files.find((file) => file.sha256 !== bad)?.state).toBe("sent");
});

test("a store that does not answer delays the photo and not the acts", async () => {
  await receive(["photo"]);
  server.before = (seen) => (seen.path.startsWith("/put/") ? deadLine() : undefined);
  await sync();
  expect(await states()).toEqual(["sent"]);
  expect((await db.files.toArray())[0]).toMatchObject({ state: "waiting", attempts: 1 });
  server.before = () => undefined;
  await syncNow();
  expect((await db.files.toArray())[0]?.state).toBe("sent");
});

test("a refused act is kept with its problem, its row goes back, and others go on", async () => {
  const { act_id, object_id } = await receive();
  await receive();
  const problem = { type: "/problems/lot-closed", title: "Lot closed", status: 409, detail: "Closed." };
  server.judge = (act) => (act.id === act_id ? { verdict: "refused", problem, number: null } : {});
  await sync();
  expect(await db.acts.get(act_id)).toMatchObject({ state: "needs-attention", verdict: "refused", problem });
  expect(await states()).toEqual(["needs-attention", "sent"]);
  expect(await db.lots.get([PROJECT, object_id])).toBeUndefined();
  expect(await dismissAct(act_id)).toBe(true);
  expect(await db.acts.get(act_id)).toMatchObject({ verdict: "refused", dismissed: true });
});

test("a deferred act is at the server and says what it waits for", async () => {
  const { act_id } = await receive();
  const waits_for = [uuid7()];
  server.judge = () => ({ verdict: "deferred", waits_for, number: null });
  await sync();
  expect(await db.acts.get(act_id)).toMatchObject({ state: "sent", verdict: "deferred", waits_for });
});

test("an envelope that the server could not even keep counts as unsent", async () => {
  const { act_id } = await receive();
  const problem = { type: "/problems/device-unknown", title: "x", status: 422 };
  server.judge = () => ({ id: null, verdict: "refused", number: null, problem });
  await sync();
  expect(await db.acts.get(act_id)).toMatchObject({ state: "needs-attention", verdict: null, problem });
  await expect(signOut()).rejects.toThrow(UnsentWork);
  expect(await dismissAct(act_id)).toBe(false);
});

test("acts of a project that has not admitted the person yet wait for it", async () => {
  const waiting = { id: PROJECT, name: "Tower A", name_en: null, roles: ["crew"], state: "waiting" as const, sample: false };
  await db.session.update("current", { projects: [waiting] });
  await receive();
  await sync();
  expect(sentBodies()).toEqual([]);
  await sync();
  expect(await states()).toEqual(["sent"]);
});

test("one act that breaks the whole batch is found, and the rest gets through", async () => {
  const acts = [];
  for (let at = 0; at < 7; at += 1) acts.push(await receive());
  const bad = acts[4]!;
  const holdsBad = (body: string) =>
    (JSON.parse(body) as { envelopes: Parameters<typeof readEnvelope>[0][] }).envelopes.some(
      (envelope) => readEnvelope(envelope).id === bad.act_id,
    );
  server.before = (seen) => (seen.path === "/api/acts" && holdsBad(seen.body) ? refusal(400, "malformed") : undefined);
  await sync();
  expect(await states()).toEqual(["sent", "sent", "sent", "sent", "needs-attention", "sent", "sent"]);
  server.before = () => undefined;
  await retryAct(bad.act_id);
  await sync();
  expect((await db.acts.get(bad.act_id))?.state).toBe("sent");
});

test("a batch is of one project and has at most 100 acts", async () => {
  for (let at = 0; at < 102; at += 1) await receive();
  await receive([], OTHER_PROJECT);
  await sync();
  const sizes = sentBodies().map((body) => (JSON.parse(body) as { envelopes: unknown[] }).envelopes.length);
  expect(sizes).toEqual([100, 2, 1]);
});

test("what follows the opening of a project goes in a batch of its own", async () => {
  const body = { name: "Tower B", code: "B", time_zone: "Asia/Shanghai", site: [], sample: false };
  await record("project:create", OTHER_PROJECT, body, { project: OTHER_PROJECT });
  await receive([], OTHER_PROJECT);
  await receive([], OTHER_PROJECT);
  await sync();
  const sizes = sentBodies().map((sent) => (JSON.parse(sent) as { envelopes: unknown[] }).envelopes.length);
  expect(sizes).toEqual([1, 2]);
});

test("an answer that does not fit the question changes nothing", async () => {
  await receive();
  server.before = (seen) => (seen.path === "/api/acts" ? json({ results: [] }) : undefined);
  await sync();
  expect(await states()).toEqual(["waiting"]);
});

test("many windows and taps make one sender: nothing is sent twice", async () => {
  for (let at = 0; at < 5; at += 1) await receive();
  vi.resetModules();
  const second = await import("../../src/capture/sync");
  await Promise.all([sync(), sync(), second.sync(), second.sync()]);
  expect(sentBodies()).toHaveLength(1);
});

test("without a line everything waits, and the status says so", async () => {
  await receive(["photo"]);
  server.before = deadLine;
  await sync();
  let reached: boolean | null = null;
  syncStatus.subscribe((status) => (reached = status.reached))();
  expect(reached).toBe(false);
  expect(await states()).toEqual(["waiting"]);
  expect(await db.bytes.count()).toBe(1);
});

test("a token that ended is renewed once, and the request repeated", async () => {
  await receive();
  server.before = (seen) => {
    if (seen.path === "/api/acts" && seen.headers.get("Authorization") === "Bearer token-1") return refusal(401, "sign-in-needed");
    return undefined;
  };
  await sync();
  expect(await states()).toEqual(["sent"]);
  expect(server.paths().filter((path) => path === "POST /api/token")).toHaveLength(1);
  expect(await db.session.get("current")).toMatchObject({ access_token: "token-2", refresh_token: "refresh-2" });
});

test("a session that the server ended keeps the work and asks for sign-in", async () => {
  await receive();
  server.before = (seen) => (seen.path === "/api/acts" || seen.path === "/api/token" ? refusal(401, "sign-in-needed") : undefined);
  await sync();
  expect((await db.session.get("current"))?.expired).toBe(true);
  expect(await states()).toEqual(["waiting"]);
  expect((await receive()).seq).toBe(2);
});

test("sign-out is refused while an act or a photo has not arrived", async () => {
  await receive(["photo"]);
  await expect(signOut()).rejects.toThrow(UnsentWork);
  server.before = (seen) => (seen.path.startsWith("/put/") ? deadLine() : undefined);
  await sync();
  await expect(signOut()).rejects.toMatchObject({ code: "unsent-work", acts: 0, files: 1 });
  server.before = () => undefined;
  await syncNow();
  await signOut();
  expect(await db.session.count()).toBe(0);
  expect(await db.lots.count()).toBe(0);
  expect(await db.keys.count()).toBe(1);
});
