import { expect, test } from "vitest";
import { NotRecordable } from "../../src/capture/errors";
import { strictBytes } from "../../src/capture/strict";

const text = (value: unknown): string => new TextDecoder().decode(strictBytes(value));

test("members that are undefined are left out, Chinese stays as it is", () => {
  expect(text({ a: 1, b: undefined, c: ["混凝土", null, true] })).toBe('{"a":1,"c":["混凝土",null,true]}');
});

test.each([
  ["a float", { quantity: 12.5 }],
  ["NaN", { quantity: NaN }],
  ["an integer beyond 2^53", { n: 2 ** 53 }],
  ["a date object", { at: new Date(0) }],
  ["undefined in a list", { list: [undefined] }],
  ["half a character", { note: "\ud83d" }],
  ["a NUL", { note: "a\0b" }],
  ["nine levels", [[[[[[[[[1]]]]]]]]]],
  ["more than 16 KiB", { note: "钢".repeat(6000) }],
])("%s is refused before anything is signed", (_name, value) => {
  expect(() => strictBytes(value)).toThrow(NotRecordable);
});

test("eight levels are taken", () => {
  expect(text([[[[[[[[1]]]]]]]])).toBe("[[[[[[[[1]]]]]]]]");
});
