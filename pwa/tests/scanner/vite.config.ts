import { defineConfig } from "vite";

/** The page that puts the scanner to the test; built by `tests/support/scanning.py`, never served to anybody. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, outDir: "../../../build/scanner", emptyOutDir: true },
});
