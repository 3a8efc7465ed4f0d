/**
 * The words of the app in Chinese and English.
 *
 * A catalogue part is two objects of the same shape, one a language; `part(zh, en)` makes the function
 * that screens call: `t().work.title`. Whole sentences with parameters are functions in the catalogue,
 * so nothing is ever glued from pieces. Each lazy chunk may bring its own part.
 */
import { firstEnglish, firstLanguage, KEY, loadEnglish } from "./first";
import { zh } from "./zh";

export type Language = "zh" | "en";

/** The shape of the Chinese part with its texts free: what the English part must have, no more and no less. */
export type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : Same<T[K]>;
};

/** A name as definitions carry it. */
export interface Names {
  readonly zh: string;
  readonly en: string;
}

let current = $state<Language>(firstLanguage);

/** The language in use. Reading it in a component makes the component follow a switch. */
export function language(): Language {
  return current;
}

/** BCP 47 tag for Intl, `lang` attributes and Accept-Language. */
export function locale(): "zh-CN" | "en-GB" {
  return current === "zh" ? "zh-CN" : "en-GB";
}

/**
 * The common part in English. Nobody reads two languages at once, so it comes by itself, before the first screen for
 * whoever reads English; should it not come, the screens are in Chinese rather than none at all.
 */
let english = $state.raw<Same<typeof zh> | null>(null);

/** To be awaited before the first screen. */
export async function wordsReady(): Promise<void> {
  english = await firstEnglish;
}

/** Switches the language, keeps the choice, and tells the page's root. */
export function setLanguage(chosen: Language): void {
  if (chosen === "en" && !english) {
    void loadEnglish().then((loaded) => {
      english = loaded;
      if (loaded) setLanguage(chosen);
    });
    return;
  }
  current = chosen;
  tellRoot();
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // The choice lasts until the page is closed.
  }
}

/** Writes the language to the root element, for screen readers and for the taller lines of Chinese. */
export function tellRoot(): void {
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
}

/** Makes the reader of one catalogue part. `const t = part(officeZh, officeEn)`, then `t().inbox.title`. */
export function part<T>(inChinese: T, inEnglish: Same<T>): () => Same<T> {
  return () => (current === "zh" ? (inChinese as Same<T>) : inEnglish);
}

/** The common part: shell, kit and crew screens. */
export const t = (): Same<typeof zh> => (current === "en" && english) || zh;

/** The name of a definition in the language in use. */
export function called(names: Names | null | undefined): string {
  if (!names) return "";
  return current === "zh" ? fullWidth(names.zh || names.en) : names.en || names.zh;
}

/** Definitions are typed with ASCII brackets and commas; between Chinese characters print wants the full-width ones. */
function fullWidth(text: string): string {
  if (!/[\u4e00-\u9fff]/.test(text)) return text;
  return text
    .replace(/\(/g, "（")
    .replace(/\)/g, "）")
    .replace(/([\u4e00-\u9fff）]),/g, "$1，")
    .replace(/([\u4e00-\u9fff）]):/g, "$1：")
    .replace(/([\u4e00-\u9fff）]);/g, "$1；");
}

/** The name of a thing that people named: one `name`, sometimes with an English twin. */
export function nameOf(thing: { name: string; name_en?: string | null } | null | undefined): string {
  if (!thing) return "";
  return current === "en" && thing.name_en ? thing.name_en : thing.name;
}
