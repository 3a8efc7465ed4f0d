/**
 * Which built files the service worker keeps from the start, and which at their first use.
 *
 * A phone carries what the crew can reach. What is reached only through a screen of the desk (`src/app/office`) is left
 * out: the worker keeps it when a desk first asks for it (src/sw/desk.ts).
 */

/** @typedef {{ type: string, fileName: string, isEntry?: boolean, facadeModuleId?: string | null, imports?: string[],
 *   dynamicImports?: string[], viteMetadata?: { importedCss: Set<string> } }} Output */

const DESK = "/src/app/office/";
/** @type {Set<string>} */
let atFirstUse = new Set();

/** Vite plugin: notes at the end of the build what only the desk needs. */
export function deskApart() {
  return {
    name: "desk-apart",
    /** @param {unknown} _options @param {Record<string, Output>} bundle */
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      if (!chunks.some((chunk) => chunk.fileName.startsWith("assets/index"))) return;
      const carried = reached(bundle, chunks.filter((chunk) => chunk.isEntry));
      atFirstUse = new Set(chunks.flatMap(filesOf).filter((file) => !carried.has(file)));
    },
  };
}

/**
 * For `injectManifest`: the manifest without them.
 * @template {{ url: string }} Entry
 * @param {Entry[]} entries
 */
export function withoutDesk(entries) {
  return { manifest: entries.filter((entry) => !atFirstUse.has(entry.url)), warnings: [] };
}

/** @param {Record<string, Output>} bundle @param {Output[]} from */
function reached(bundle, from) {
  const files = new Set();
  const seen = new Set(from);
  for (const chunk of seen) {
    filesOf(chunk).forEach((file) => files.add(file));
    const screens = (chunk.dynamicImports ?? []).filter((name) => !bundle[name]?.facadeModuleId?.includes(DESK));
    for (const name of [...(chunk.imports ?? []), ...screens]) {
      const next = bundle[name];
      if (next?.type === "chunk") seen.add(next);
    }
  }
  return files;
}

/** A chunk and the styles that come with it. @param {Output} chunk */
function filesOf(chunk) {
  return [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])];
}
