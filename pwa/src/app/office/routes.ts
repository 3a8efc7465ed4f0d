/** The screens of the desk. Each `load` is a dynamic import, so that no phone carries them at first load. */
import FileSearch from "@lucide/svelte/icons/file-search";
import FolderTree from "@lucide/svelte/icons/folder-tree";
import Inbox from "@lucide/svelte/icons/inbox";
import Package from "@lucide/svelte/icons/package";
import Settings from "@lucide/svelte/icons/settings";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Users from "@lucide/svelte/icons/users";
import Waypoints from "@lucide/svelte/icons/waypoints";
import type { NavEntry } from "../nav";
import type { Route } from "../router.svelte";
import { rail } from "./words/nav";

export const officeRoutes: Route[] = [
  { path: "/inbox", load: () => import("./inbox/Inbox.svelte"), entry: "inbox" },
  { path: "/records/:id", load: () => import("./Record.svelte"), entry: "inbox" },
  { path: "/office/tasks", load: () => import("./tasks/Tasks.svelte"), entry: "tasks" },
  { path: "/office/tasks/import", load: () => import("./tasks/Import.svelte"), entry: "tasks" },
  { path: "/materials", load: () => import("./materials/Lots.svelte"), entry: "lots" },
  { path: "/materials/:id", load: () => import("./materials/LotPage.svelte"), entry: "lots" },
  { path: "/certificates/:id", load: () => import("./materials/Certificate.svelte"), entry: "lots" },
  { path: "/trace", load: () => import("./trace/Trace.svelte"), entry: "trace" },
  { path: "/office/defects", load: () => import("./defects/Defects.svelte"), entry: "defects" },
  { path: "/office/defects/:id", load: () => import("./defects/DefectPage.svelte"), entry: "defects" },
  { path: "/people", load: () => import("./people/People.svelte"), entry: "people" },
  { path: "/settings", load: () => import("./settings/Settings.svelte"), entry: "settings" },
];

// Crews get the screens of the site; what the office works with is for those who sit there or check.
const DESK = [
  "owner",
  "designer",
  "surveyor",
  "chief_supervisor",
  "supervisor",
  "supervision_clerk",
  "witness",
  "project_manager",
  "technical_lead",
  "contractor_qc",
  "foreman",
  "material_keeper",
  "clerk",
  "inspector",
  "administrator",
];

/** Entries of the left rail, in order; `roles` empty means everybody. `tasks` and `lots` take the place of the site's own. */
export const officeEntries: NavEntry[] = [
  { id: "inbox", href: "/inbox", icon: Inbox, word: () => rail().inbox, roles: DESK.filter((role) => role !== "inspector") },
  { id: "tasks", href: "/office/tasks", icon: FolderTree, word: () => rail().tasks, roles: DESK },
  { id: "lots", href: "/materials", icon: Package, word: () => rail().materials, roles: DESK },
  { id: "trace", href: "/trace", icon: Waypoints, word: () => rail().trace, roles: DESK },
  { id: "defects", href: "/office/defects", icon: TriangleAlert, word: () => rail().defects, roles: DESK },
  { id: "inspect", href: "/inspect", icon: FileSearch, word: () => rail().elements, roles: DESK },
  { id: "people", href: "/people", icon: Users, word: () => rail().people, roles: DESK },
  { id: "settings", href: "/settings", icon: Settings, word: () => rail().settings, roles: DESK },
];
