/** Between an instant of the wire and what `<input type="datetime-local">` holds, in this phone's time zone. */

/** `2026-11-22T08:00:00.000Z` as `2026-11-22T16:00` on a phone in Shanghai; "" when there is none. */
export function toLocal(instant: string): string {
  const date = new Date(instant);
  if (!instant || Number.isNaN(date.getTime())) return "";
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant that a local time means; "" when it is none. */
export function fromLocal(local: string): string {
  const date = new Date(local);
  return local && !Number.isNaN(date.getTime()) ? date.toISOString() : "";
}
