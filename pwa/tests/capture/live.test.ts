/** What screens watch goes on being told when the database fails in between. */
import { freshPhone, PROJECT } from "./support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { drafts, saveDraft } from "../../src/capture/drafts";
import { live } from "../../src/capture/live";

let told: string[][];
let leave: () => void;

beforeEach(async () => {
  await freshPhone();
  told = [];
});
afterEach(() => leave());

const watch = (): void => void (leave = drafts(PROJECT).subscribe((all) => all && told.push(all.map((draft) => String(draft.value)))));
const last = () => told.at(-1);

/** The next `times` queries of drafts fail, as a browser lets them. */
function failing(name: string, times: number) {
  const real = db.drafts.filter.bind(db.drafts);
  let failed = 0;
  return vi.spyOn(db.drafts, "filter").mockImplementation((...args) => {
    if ((failed += 1) <= times) throw new DOMException("The connection was lost.", name);
    return real(...args);
  });
}

test.each(["AbortError", "UnknownError", "DatabaseClosedError"])("a first look that ends with %s is taken again", async (name) => {
  await saveDraft("form", PROJECT, "log", "half");
  failing(name, 2);
  watch();
  await vi.waitFor(() => expect(last()).toEqual(["half"]));
});

test.each(["AbortError", "UnknownError", "DatabaseClosedError"])("a look that ends with %s later leaves the last answer, and then tells the new one", async (name) => {
  await saveDraft("form", PROJECT, "log", "half");
  watch();
  await vi.waitFor(() => expect(last()).toEqual(["half"]));
  failing(name, 1);
  await saveDraft("form", PROJECT, "log", "whole");
  await vi.waitFor(() => expect(last()).toEqual(["whole"]));
  vi.restoreAllMocks();
  await saveDraft("form", PROJECT, "log", "more");
  await vi.waitFor(() => expect(last()).toEqual(["more"]));
  expect(told).toEqual([["half"], ["whole"], ["more"]]);
});

test("nobody is told anything after leaving, also when a look was to be taken again", async () => {
  await saveDraft("form", PROJECT, "log", "half");
  failing("AbortError", 1);
  watch();
  await new Promise((resolve) => setTimeout(resolve, 20));
  leave();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toEqual([]);
});

test("nobody asks again who has left while the answer was still to come", async () => {
  let fail = (_error: Error): void => undefined;
  const query = vi.fn(() => new Promise<never>((_, reject) => (fail = reject)));
  leave = live(query).subscribe(() => undefined);
  await vi.waitFor(() => expect(query).toHaveBeenCalledOnce());
  leave();
  fail(new DOMException("gone", "AbortError"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(query).toHaveBeenCalledOnce();
});

test("a query that is wrong is not asked again and again", async () => {
  const seen = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const asked = failing("DataError", 100);
  watch();
  await vi.waitFor(() => expect(seen).toHaveBeenCalledOnce());
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(asked).toHaveBeenCalledOnce();
});
