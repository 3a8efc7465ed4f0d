/** How this phone looks: theme, letter size and hand. Kept in local storage, read before the first paint. */

export type ThemeChoice = "auto" | "light" | "dark" | "sun";

interface Look {
  theme: ThemeChoice;
  large: boolean;
  left: boolean;
}

const KEY = "plumbline.look";
const BAR_COLOURS: Record<Exclude<ThemeChoice, "auto">, string> = { light: "#0b4f54", dark: "#0e1416", sun: "#ffffff" };

function stored(): Look {
  const look: Look = { theme: "auto", large: false, left: false };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return look;
    const { theme, large, left } = kept as Partial<Look>;
    if (theme === "auto" || theme === "light" || theme === "dark" || theme === "sun") look.theme = theme;
    look.large = large === true;
    look.left = left === true;
  } catch {
    // A blocked or damaged local storage must not stop the app: the ordinary look is used.
  }
  return look;
}

class LookSettings {
  #look = $state<Look>(stored());

  get theme(): ThemeChoice {
    return this.#look.theme;
  }
  get large(): boolean {
    return this.#look.large;
  }
  get left(): boolean {
    return this.#look.left;
  }

  set(change: Partial<Look>): void {
    this.#look = { ...this.#look, ...change };
    this.apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#look));
    } catch {
      // Without storage the choice lasts until the page is closed.
    }
  }

  /** Writes the choice to the root element, where tokens.css reads it. */
  apply(): void {
    const root = document.documentElement;
    const theme = this.#look.theme === "auto" ? systemTheme() : this.#look.theme;
    root.dataset["theme"] = theme;
    root.dataset["size"] = this.#look.large ? "large" : "normal";
    root.dataset["hand"] = this.#look.left ? "left" : "right";
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", BAR_COLOURS[theme]);
  }

  /** Applies the look now and again whenever the system turns to dark or light. */
  start(): void {
    this.apply();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.apply();
    });
  }
}

function systemTheme(): "light" | "dark" {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const look = new LookSettings();
