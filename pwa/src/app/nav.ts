/** Entries of the bottom bar (phone) and of the left rail (from 1024 px). Only entries whose screens exist. */
import ClipboardList from "@lucide/svelte/icons/clipboard-list";
import ListTree from "@lucide/svelte/icons/list-tree";
import Package from "@lucide/svelte/icons/package";
import ScanLine from "@lucide/svelte/icons/scan-line";
import Send from "@lucide/svelte/icons/send";
import UserRound from "@lucide/svelte/icons/user-round";
import type { Component } from "svelte";
import { t } from "../shared/i18n/index.svelte";

export interface NavEntry {
  /** What a route names in `entry`. */
  id: string;
  href: string;
  icon: Component<{ size?: number | string; strokeWidth?: number | string }>;
  word: () => string;
  /** Who sees it; empty or absent: everybody. */
  roles?: readonly string[];
}

const work: NavEntry = { id: "work", href: "/", icon: ClipboardList, word: () => t().nav.work };
const lots: NavEntry = { id: "lots", href: "/lots", icon: Package, word: () => t().nav.lots };
const scan: NavEntry = { id: "scan", href: "/scan", icon: ScanLine, word: () => t().nav.scan };
const outbox: NavEntry = { id: "outbox", href: "/outbox", icon: Send, word: () => t().nav.outbox };
const me: NavEntry = { id: "me", href: "/me", icon: UserRound, word: () => t().nav.me };
const tasks: NavEntry = { id: "tasks", href: "/tasks", icon: ListTree, word: () => t().nav.tasks };

export const bottomEntries: readonly NavEntry[] = [work, lots, scan, outbox, me];
export const siteEntries: readonly NavEntry[] = [work, tasks, lots, scan, outbox, me];

/** Whether somebody with these roles sees the entry. */
export function seen(entry: NavEntry, roles: readonly string[]): boolean {
  return !entry.roles?.length || entry.roles.some((role) => roles.includes(role));
}
