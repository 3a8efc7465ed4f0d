/** What the screens tell the engine about the reader. */

export type Language = "zh" | "en";

let language: Language = "zh";

/** The language in which the server words its problems from now on. */
export function setLanguage(next: Language): void {
  language = next;
}

export function acceptLanguage(): string {
  return language === "zh" ? "zh-CN,zh;q=0.9,en;q=0.5" : "en,zh-CN;q=0.5";
}
