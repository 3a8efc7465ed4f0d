/** What labels are printed on, and how many at a time. Sheets and sizes are the server's own (reports/sheets.py, zpl.py). */

/** Labels on one A4 sheet, by columns x rows. */
export const SHEETS: Record<string, number> = { "3x8": 24, "2x7": 14, "4x10": 40, "2x4": 8 };
export const SIZES = ["50x30", "60x40", "70x50", "100x60"];
export const DPIS = ["203", "300"];
/** One request prints at most this many. */
export const MOST = 240;

/** A whole number of a field within its bounds; null for anything else. */
export function whole(text: string, least: number, most: number): number | null {
  const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
}
