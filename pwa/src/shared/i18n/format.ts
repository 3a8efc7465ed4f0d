/** Numbers, days and ages as people on that site write them. Quantities stay decimal strings to the end. */
import { language, locale, t } from "./index.svelte";
import { unitIn } from "./units";
import { siteZone } from "./zone.svelte";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A decimal string with thousands groups and at most six decimals; never through a float. "—" when absent. */
export function number(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "string" && !/^[+-]?\d+(\.\d+)?$/.test(value)) return value;
  // Intl takes decimal strings exactly (ECMAScript 2023); TypeScript's library still wants a number here.
  const exact = value as unknown as number;
  return numbers(6).format(exact);
}

/** A quantity with its unit: "12.5 t", "8 m³", "30 件". */
export function quantity(value: string | number | null | undefined, unit?: string | null): string {
  const shown = unitIn(unit, language());
  return shown ? `${number(value)} ${shown}` : number(value);
}

/** The unit alone, in the language in use. */
export function unit(name: string | null | undefined): string {
  return unitIn(name, language());
}

/** A calendar day with its weekday: "11月22日 周日", "Sun 22 Nov". The year is shown when it is another one. */
export function day(on: string | null | undefined, today = new Date()): string {
  const date = dayOf(on);
  if (!date) return "—";
  const options: Intl.DateTimeFormatOptions = { month: "short", day: "numeric", weekday: "short" };
  if (date.getFullYear() !== today.getFullYear()) options.year = "numeric";
  return dates(options).format(date);
}

/** An instant as day with weekday and time in 24 hours, in the time zone of the site. */
export function moment(at: string | null | undefined, timeZone = siteZone()): string {
  const date = at ? new Date(at) : null;
  if (!date || Number.isNaN(date.getTime())) return "—";
  const options: Intl.DateTimeFormatOptions = {
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  if (timeZone) options.timeZone = timeZone;
  if (date.getFullYear() !== new Date().getFullYear()) options.year = "numeric";
  return dates(options).format(date);
}

/** The time of day alone, "09:42". */
export function clock(at: string | null | undefined, timeZone = siteZone()): string {
  const date = at ? new Date(at) : null;
  if (!date || Number.isNaN(date.getTime())) return "—";
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (timeZone) options.timeZone = timeZone;
  return dates(options).format(date);
}

/** How long ago: "just now", "3 h ago" / "3 小时前". Instants ahead of this clock count as just now. */
export function age(at: string | number | null | undefined, now = Date.now()): string {
  const then = typeof at === "number" ? at : Date.parse(at ?? "");
  if (Number.isNaN(then)) return "—";
  const gone = now - then;
  if (gone < MINUTE) return t().age.now;
  if (gone < HOUR) return t().age.minutes(Math.floor(gone / MINUTE));
  if (gone < DAY) return t().age.hours(Math.floor(gone / HOUR));
  return t().age.days(Math.floor(gone / DAY));
}

/** Size of a file: "2.4 MB". */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const steps = Math.min(3, Math.floor(Math.log2(size) / 10));
  const value = size / 1024 ** steps;
  return `${numbers(1).format(value)} ${["B", "KB", "MB", "GB"][steps]}`;
}

/** Several names in one line, joined as the language does: "甲、乙", "A, B". */
export function list(names: readonly string[]): string {
  return names.filter((name) => name !== "").join(language() === "zh" ? "、" : ", ");
}

/** The calendar day of an instant on the site, `YYYY-MM-DD`. */
export function isoDay(date = new Date(), timeZone = siteZone()): string {
  // Sweden writes days the way ISO 8601 does.
  return dates(timeZone ? { timeZone } : {}, "sv-SE").format(date);
}

/** Making the first format takes longer than a frame; called when the app has nothing else to do yet. One at a time. */
export function makeFormats(): void {
  setTimeout(isoDay);
  setTimeout(() => day("2026-11-22"));
}

// Making a format costs more than a thousand uses of it, so each is made once.
const datesMade = new Map<string, Intl.DateTimeFormat>();
const numbersMade = new Map<string, Intl.NumberFormat>();

function dates(options: Intl.DateTimeFormatOptions, of: string = locale()): Intl.DateTimeFormat {
  const key = of + JSON.stringify(options);
  const format = datesMade.get(key) ?? new Intl.DateTimeFormat(of, options);
  datesMade.set(key, format);
  return format;
}

function numbers(maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale()}${maximumFractionDigits}`;
  const format = numbersMade.get(key) ?? new Intl.NumberFormat(locale(), { maximumFractionDigits });
  numbersMade.set(key, format);
  return format;
}

function dayOf(on: string | null | undefined): Date | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(on ?? "");
  if (!parts) return null;
  // Built from its parts, since `new Date("2026-11-22")` is midnight in London and another day further west.
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
}
