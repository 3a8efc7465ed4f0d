/** The engine has no screen in it: it may be opened in a service worker, in Node, or in another app. */
import { expect, test } from "vitest";

const SOURCES = import.meta.glob<string>("../../src/capture/**/*.ts", { query: "?raw", import: "default", eager: true });
const IMPORTED = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"'\s]+)["']/g;
/** What every runtime may use; everything else above `capture` is screens or somebody else's runtime. */
const BELOW = /^\.\.\/shared\/(store|update|decimal)$/;
const LIBRARIES = /^(dexie|fflate|@noble\/hashes\/.*)$/;

test("nothing in capture/ imports a screen, a worker or Svelte", () => {
  const files = Object.entries(SOURCES);
  expect(files.length).toBeGreaterThan(30);
  const strange = files.flatMap(([path, source]) =>
    [...source.matchAll(IMPORTED)].map((found) => found[1]!).filter(isStrange).map((one) => `${path.split("/").pop()}: ${one}`),
  );
  expect(strange).toEqual([]);
});

function isStrange(imported: string): boolean {
  if (imported.startsWith("./")) return false;
  return imported.startsWith(".") ? !BELOW.test(imported) : !LIBRARIES.test(imported);
}
