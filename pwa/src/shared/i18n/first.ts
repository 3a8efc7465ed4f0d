/**
 * Which language the app opens in. The build puts this before all other scripts, so that English words travel together
 * with the app and not after it; Chinese ones are part of it.
 */
import type { Language, Same } from "./index.svelte";
import type { zh } from "./zh";

export const KEY = "plumbline.language";

function chosen(): Language {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === "zh" || kept === "en") return kept;
  } catch {
    // Local storage may be blocked; the browser's own language decides then.
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The common part in English; null when it did not come. */
export async function loadEnglish(): Promise<Same<typeof zh> | null> {
  return import("./en").then(
    (loaded) => loaded.en,
    () => null,
  );
}

export const firstLanguage = chosen();
export const firstEnglish = firstLanguage === "en" ? loadEnglish() : null;
