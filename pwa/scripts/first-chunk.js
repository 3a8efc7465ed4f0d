/**
 * What the first visit loads, in as few files as it can be: a phone far from the mast pays for each by the round trip.
 */

const LANGUAGE = "/src/shared/i18n/first.ts";
/** Asked for before the rest is there, and so apart from it. */
const BEFORE = [LANGUAGE, "vite/preload-helper"];

/** A group for `codeSplitting`: every module that main.ts needs before the first screen, in one chunk. */
export const firstLoad = {
  name: "first",
  /** @type {["$initial"]} */
  tags: ["$initial"],
  includeDependenciesRecursively: false,
  /** @param {string} id */
  test: (id) => !BEFORE.some((part) => id.includes(part)),
};

/**
 * Vite plugin: makes the choice of the language an entry of its own, at the head of the page.
 * @returns {import("vite").Plugin}
 */
export function languageFirst() {
  return {
    name: "language-first",
    apply: "build",
    buildStart() {
      this.emitFile({ type: "chunk", id: LANGUAGE.slice(1), name: "language" });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find((one) => one.type === "chunk" && one.facadeModuleId?.endsWith(LANGUAGE));
        if (!chunk) throw new Error(`The build has no chunk of ${LANGUAGE}`);
        return [{ tag: "script", attrs: { type: "module", crossorigin: true, src: `/${chunk.fileName}` }, injectTo: "head-prepend" }];
      },
    },
  };
}
