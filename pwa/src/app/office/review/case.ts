/** What a refused record is called. */
import { actName } from "../../state/acts";
import { r } from "./words";

/** The kind of record in words; bytes that say no kind cannot be read. */
export function actWord(one: { type: string | null }): string {
  if (!one.type) return r().unreadable;
  return actName(one.type);
}
