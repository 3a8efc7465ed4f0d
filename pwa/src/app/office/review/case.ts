/** What a refused record is called. */
import { t } from "../../../shared/i18n/index.svelte";
import { r } from "./words";

/** The kind of record in words; bytes that say no kind cannot be read. */
export function actWord(one: { type: string | null }): string {
  if (!one.type) return r().unreadable;
  return (t().outbox.what as Record<string, string>)[one.type] ?? one.type;
}
