/** The screens of the desk. Each `load` is a dynamic import, so that no phone carries them at first load. */
import type { NavEntry } from "../nav";
import type { Route } from "../router.svelte";

export const officeRoutes: Route[] = [];

/** Entries of the left rail, in order; `roles` empty means everybody. */
export const officeEntries: NavEntry[] = [];
