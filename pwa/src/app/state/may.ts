/** Which acts a role may do and what it may read, so that a screen offers only what the server will take and show. */
import type { ActType } from "../../capture";
import { GIVES, MAY, SEES } from "../../shared/roles.gen";

type Table = Readonly<Record<string, readonly string[]>>;

/** Whether somebody with these roles may do this act. */
export function may(type: ActType | keyof typeof MAY, roles: readonly string[]): boolean {
  return (MAY as Table)[type]?.some((role) => roles.includes(role)) ?? false;
}

/** Whether somebody with these roles may read this. */
export function sees(what: keyof typeof SEES, roles: readonly string[]): boolean {
  return SEES[what].some((role) => roles.includes(role));
}

/** The roles that somebody with these roles may give and take. */
export function gives(roles: readonly string[]): ReadonlySet<string> {
  return new Set(roles.flatMap((role) => (GIVES as Table)[role] ?? []));
}
