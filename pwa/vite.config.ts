import { svelte } from "@sveltejs/vite-plugin-svelte";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { firstLoad, languageFirst } from "./scripts/first-chunk.js";
import { deskApart, withoutDesk } from "./scripts/first-use.js";
import { plainIcons } from "./scripts/plain-icons.js";

const manifest = {
  id: "/",
  name: "Plumbline",
  short_name: "Plumbline",
  description: "Material, work and building on site, with proof. 工程材料、工序与实体的可信追溯。",
  lang: "zh-CN",
  start_url: "/",
  scope: "/",
  display: "standalone" as const,
  background_color: "#ffffff",
  theme_color: "#0b4f54",
  icons: [
    { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
    { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
    { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
  ],
};

export default defineConfig({
  plugins: [
    plainIcons(),
    svelte(),
    languageFirst(),
    deskApart(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/sw",
      filename: "sw.ts",
      registerType: "prompt",
      // Registering is ours (src/shared/update.ts): it goes through our Trusted Types policy.
      injectRegister: false,
      manifest,
      injectManifest: {
        // A classic script in one file: browsers load no further module in a service worker.
        rollupFormat: "iife",
        globPatterns: ["**/*.{js,css,html,svg,png,wasm,json}"],
        // The graph layout is for desks with a line; a phone need not carry it.
        globIgnores: ["**/elk-worker*.js"],
        manifestTransforms: [withoutDesk],
        maximumFileSizeToCacheInBytes: 5 * 1024 * 1024,
      },
    }),
  ],
  resolve: {
    // The package's own entry is its ES5 build; the modern one is the same code, smaller.
    alias: [{ find: /^dexie$/, replacement: "dexie/dist/modern/dexie.mjs" }],
  },
  worker: { format: "es" },
  build: {
    target: "es2022",
    outDir: "dist",
    assetsDir: "assets",
    modulePreload: { polyfill: false },
    // Nothing is inlined as a data: URL, so that the Content-Security-Policy stays narrow.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: firstLoad } } },
  },
  server: {
    port: 5173,
    proxy: { "/api": { target: "http://127.0.0.1:8000", changeOrigin: false } },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
  },
});
