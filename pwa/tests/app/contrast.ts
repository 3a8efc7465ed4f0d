/** Reads the token file and computes WCAG 2 contrast; used by the unit test and nowhere at run time. */

export type Theme = "light" | "dark" | "sun";

/** Hex colours of one theme: the light block, overlaid by the block of the theme. */
export function coloursOf(css: string, theme: Theme): Map<string, string> {
  const blocks = [blockOf(css, ":root {")];
  if (theme !== "light") blocks.push(blockOf(css, `:root[data-theme="${theme}"] {`));
  const colours = new Map<string, string>();
  for (const block of blocks) {
    for (const [, name, hex] of block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)) {
      if (name && hex) colours.set(name, hex);
    }
  }
  return colours;
}

function blockOf(css: string, opening: string): string {
  const start = css.indexOf(opening);
  if (start < 0) throw new Error(`no block ${opening}`);
  return css.slice(start, css.indexOf("\n}", start));
}

/** Contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
