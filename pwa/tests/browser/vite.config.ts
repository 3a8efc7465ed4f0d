import { defineConfig } from "vite";

/** One file without imports: a page that stands under our Content-Security-Policy takes it from the browser's driver. */
export default defineConfig({
  resolve: { alias: [{ find: /^dexie$/, replacement: "dexie/dist/modern/dexie.mjs" }] },
  publicDir: false,
  build: {
    target: "es2022",
    minify: false,
    emptyOutDir: false,
    outDir: "../build/engine",
    lib: { entry: "tests/browser/engine.ts", formats: ["iife"], name: "engineForTests", fileName: () => "engine.js" },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
