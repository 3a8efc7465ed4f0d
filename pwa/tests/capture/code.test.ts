import { expect, test } from "vitest";
import { parseScan } from "../../src/capture/code";
import { newCode, uuid7 } from "../../src/capture/uuid7";

const CODE = "0123456789abcdefghjkmnpqrs";

test.each([
  [`https://site.example/q/${CODE}`, CODE],
  [`http://192.168.1.7:8000/q/${CODE}`, CODE],
  [`HTTPS://SITE.EXAMPLE/q/${CODE.toUpperCase()}`, CODE],
  [CODE, CODE],
  // What the small code of a label says.
  [CODE.toUpperCase(), CODE],
  ["O1234-56789 ABCDE-FGHJK-MNPQR-S", CODE],
])("%s is a label of ours", (text, code) => {
  expect(parseScan(text)).toEqual({ kind: "code", code });
});

test("an invitation is told from a label", () => {
  expect(parseScan("https://site.example/join/AbC-123_xyz")).toEqual({ kind: "invite", code: "AbC-123_xyz" });
});

test.each([
  "https://evil.example/",
  `https://evil.example/q/${CODE}/more`,
  `https://evil.example/q/${CODE}?next=https://evil.example`,
  `https://site.example@evil.example/q/${CODE}`,
  `javascript:alert(1)//q/${CODE}`,
  `data:text/html,/q/${CODE}`,
  `ftp://site.example/q/${CODE}`,
  "https://site.example/q/short",
  `https://site.example/q/${CODE.replace("a", "u")}`,
  "HRB400E 25 mm H-2231",
  "",
])("%s is foreign and comes back as it was read", (text) => {
  expect(parseScan(text)).toEqual({ kind: "foreign", code: text, read: "typed" });
});

test("a new code is one that scans", () => {
  const code = newCode();
  expect(parseScan(`https://site.example/q/${code}`)).toEqual({ kind: "code", code });
});

test("ids carry version 7 and sort by time", () => {
  const [early, late] = [uuid7(1_000), uuid7(2_000)];
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(early < late).toBe(true);
});
