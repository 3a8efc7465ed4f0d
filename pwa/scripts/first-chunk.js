/**
 * What the first visit loads, in as few files as it can be: a phone far from the mast pays for each by the round trip.
 */

const LANGUAGE = "/src/shared/i18n/first.ts";
const svelte = /node_modules.(svelte|esm-env|clsx)\b/;
/** Asked for before the rest is there. */
const before = /preload-helper|i18n.first\.ts$/;
/** Apart: where an error is made or a file asked for while a file is evaluated, V8 may read all of that file again. */
const main = /src.main\.ts$/;

/** @type {{ tags: ["$initial"], includeDependenciesRecursively: false }} */
const whole = { tags: ["$initial"], includeDependenciesRecursively: false };

/** Groups for `codeSplitting`: what main.ts needs before the first screen, and what a first visit sees. */
export const firstLoad = [
  { name: "before", test: before },
  { ...whole, name: "svelte", test: svelte },
  { ...whole, name: "first", test: (/** @type {string} */ id) => !main.test(id) },
  // Seventeen small files otherwise.
  { name: "sign-in", includeDependenciesRecursively: true, test: /crew.SignIn\.svelte$/ },
];

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
