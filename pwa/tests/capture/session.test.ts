import { DEVICE, FakeServer, FOREMAN, freshPhone, json, PROJECT, receipt, refusal } from "./support";
import { beforeEach, expect, test, vi } from "vitest";
import { get } from "../../src/capture/api";
import { fromBase64 } from "../../src/capture/bytes";
import { db } from "../../src/capture/db";
import { UnsentWork } from "../../src/capture/errors";
import { record } from "../../src/capture/record";
import { join, signIn, signOut } from "../../src/capture/session";
import { uuid7 } from "../../src/capture/uuid7";

let server: FakeServer;
let enrolled: { id?: string; public_key?: string }[];

beforeEach(async () => {
  server = new FakeServer();
  await freshPhone();
  enrolled = [];
  server.before = (seen) => (["/api/sign-in", "/api/join"].includes(seen.path) ? welcome(seen.body) : undefined);
});

function welcome(body: string): Response {
  const { device, login } = JSON.parse(body) as { device: { id?: string; public_key?: string }; login?: string };
  enrolled.push(device);
  const person = login && login !== FOREMAN.login ? { id: uuid7(), display_name: login, login } : FOREMAN;
  const token = { access_token: `token-${enrolled.length}`, expires_in: 600, refresh_token: "refresh" };
  return json({ ...token, person, device_id: device.id ?? uuid7(), project_id: PROJECT, state: "waiting" });
}

test("a first sign-in makes a key and enrols its public half", async () => {
  await db.keys.clear();
  await db.session.clear();
  await signIn(FOREMAN.login, "secret");
  expect(fromBase64(enrolled[0]!.public_key!)).toHaveLength(65);
  const key = (await db.keys.toArray())[0]!;
  expect(key).toMatchObject({ login: FOREMAN.login, seq: 0, prev: null, public_key: enrolled[0]!.public_key });
  expect(key.private_key.extractable).toBe(false);
  expect(await db.session.get("current")).toMatchObject({ device_id: key.device_id, project_id: PROJECT });
});

test("the same person keeps the key over sign-out and sign-in", async () => {
  await signOut();
  await signIn(FOREMAN.login, "secret");
  expect(enrolled).toEqual([{ id: DEVICE }]);
  expect((await db.session.get("current"))?.device_id).toBe(DEVICE);
});

test("a key that the server no longer takes is replaced by a new one", async () => {
  await signOut();
  const usual = server.before;
  server.before = (seen) => (seen.body.includes(DEVICE) ? refusal(422, "device-not-yours") : usual(seen));
  await signIn(FOREMAN.login, "secret");
  expect(enrolled).toHaveLength(1);
  expect(enrolled[0]!.public_key).toBeDefined();
});

test("a chain that is longer at the server than here is never continued", async () => {
  await signOut();
  const usual = server.before;
  const ahead = { person: FOREMAN, device_id: DEVICE, device_seq: { seq: 9, prev: null }, projects: [], server_time: new Date().toISOString() };
  server.before = (seen) => (seen.path === "/api/me" ? json(ahead) : usual(seen));
  await signIn(FOREMAN.login, "secret");
  expect((await db.session.get("current"))?.device_id).not.toBe(DEVICE);
});

test("a wrong password is a problem with its slug, and no second device is made", async () => {
  server.before = (seen) => (seen.path === "/api/sign-in" ? refusal(401, "wrong-password") : undefined);
  await expect(signIn(FOREMAN.login, "wrong")).rejects.toMatchObject({ code: "wrong-password" });
  expect(server.asked).toHaveLength(1);
});

test("another person is kept out while the first one's work is unsent", async () => {
  await record("lot:receive", uuid7(), receipt());
  await expect(signIn("wang", "secret")).rejects.toThrow(UnsentWork);
  expect(enrolled).toEqual([]);
});

test("joining while signed in keeps person and key", async () => {
  expect(await join("invite-code")).toEqual({ project_id: PROJECT, state: "waiting" });
  expect(enrolled).toEqual([{ id: DEVICE }]);
  expect(server.asked[0]!.headers.get("Authorization")).toBe("Bearer token-1");
});

test("two windows renew a token once", async () => {
  await db.session.update("current", { access_until: 0 });
  vi.resetModules();
  const second = await import("../../src/capture/api");
  await Promise.all([get("/api/me"), second.get("/api/me"), get("/api/me")]);
  expect(server.paths().filter((path) => path === "POST /api/token")).toHaveLength(1);
});
