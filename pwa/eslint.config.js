import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const projects = ["app", "capture", "worker", "sw", "node"].map((name) => `./tsconfig.${name}.json`);
const parserOptions = { project: projects, tsconfigRootDir: import.meta.dirname, extraFileExtensions: [".svelte"] };

export default ts.config(
  { ignores: ["dist/", "dev-dist/", "node_modules/", "src/shared/api.gen.ts"] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser }, parserOptions },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // An async function without await still promises to answer with a rejection and not with a throw.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts", "**/*.svelte.js"],
    languageOptions: { parserOptions: { ...parserOptions, parser: ts.parser, svelteConfig } },
    rules: {
      // TypeScript itself refuses unknown names; in Svelte files the rule does not know the runes' types.
      "no-undef": "off",
    },
  },
  {
    files: ["**/*.svelte"],
    rules: {
      // The linter sees every imported component as `any`; svelte-check knows their types and judges the same places.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  { files: ["**/*.ts"], rules: { "no-undef": "off" } },
  { files: ["scripts/*.js"], languageOptions: { globals: globals.node } },
);
