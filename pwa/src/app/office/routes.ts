/** The screens of the desk. Each `load` is a dynamic import, so that no phone carries them at first load. */
import ChartLine from "@lucide/svelte/icons/chart-line";
import FileSearch from "@lucide/svelte/icons/file-search";
import FileX from "@lucide/svelte/icons/file-x";
import FolderTree from "@lucide/svelte/icons/folder-tree";
import Inbox from "@lucide/svelte/icons/inbox";
import OctagonX from "@lucide/svelte/icons/octagon-x";
import LayoutDashboard from "@lucide/svelte/icons/layout-dashboard";
import MapIcon from "@lucide/svelte/icons/map";
import Package from "@lucide/svelte/icons/package";
import Settings from "@lucide/svelte/icons/settings";
import Tags from "@lucide/svelte/icons/tags";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Users from "@lucide/svelte/icons/users";
import Waypoints from "@lucide/svelte/icons/waypoints";
import { SEES } from "../../shared/roles.gen";
import type { NavEntry } from "../nav";
import type { Route } from "../router.svelte";
import { rail } from "./words/nav";

export const officeRoutes: Route[] = [
  { path: "/inbox", load: () => import("./inbox/Inbox.svelte"), entry: "inbox" },
  { path: "/quality", load: () => import("./quality/Quality.svelte"), entry: "quality" },
  { path: "/overview", load: () => import("./overview/Overview.svelte"), entry: "overview" },
  { path: "/overview/records", load: () => import("./overview/Records.svelte"), entry: "overview" },
  { path: "/records/:id", load: () => import("./Record.svelte"), entry: "inbox" },
  { path: "/office/tasks", load: () => import("./tasks/Tasks.svelte"), entry: "tasks" },
  { path: "/office/tasks/import", load: () => import("./tasks/Import.svelte"), entry: "tasks" },
  { path: "/materials", load: () => import("./materials/Lots.svelte"), entry: "lots" },
  { path: "/materials/:id", load: () => import("./materials/LotPage.svelte"), entry: "lots" },
  { path: "/certificates/:id", load: () => import("./materials/Certificate.svelte"), entry: "lots" },
  { path: "/trace", load: () => import("./trace/Trace.svelte"), entry: "trace" },
  { path: "/map", load: () => import("./pictures/MapPage.svelte"), entry: "map" },
  { path: "/office/defects", load: () => import("./defects/Defects.svelte"), entry: "defects" },
  { path: "/office/causes", load: () => import("./quality/Causes.svelte"), entry: "defects" },
  { path: "/office/defects/:id", load: () => import("./defects/DefectPage.svelte"), entry: "defects" },
  { path: "/recalls", load: () => import("../recall/Recalls.svelte"), entry: "recalls" },
  { path: "/recalls/new", load: () => import("../recall/OpenRecall.svelte"), frame: "focus", entry: "recalls" },
  { path: "/recalls/:id", load: () => import("../recall/RecallRoom.svelte"), entry: "recalls" },
  { path: "/labels", load: () => import("./labels/Labels.svelte"), entry: "labels" },
  { path: "/quarantine", load: () => import("./review/Quarantine.svelte"), entry: "quarantine" },
  { path: "/quarantine/:id", load: () => import("./review/Case.svelte"), entry: "quarantine" },
  { path: "/people/devices/:id", load: () => import("./review/Chain.svelte"), entry: "people" },
  { path: "/hand-in", load: () => import("./handin/HandIn.svelte"), entry: "people" },
  { path: "/people", load: () => import("./people/People.svelte"), entry: "people" },
  { path: "/settings", load: () => import("./settings/Settings.svelte"), entry: "settings" },
];

// Crews get the screens of the site; what the office works with is for those who sit there or check.
const DESK = SEES.desk;

/** Who reserves and prints rolls of labels. */
const LABELLERS = ["project_manager", "technical_lead", "administrator", "foreman", "material_keeper", "storekeeper", "clerk"];

/** Entries of the left rail, in order; `roles` empty means everybody. `tasks` and `lots` take the place of the site's own. */
export const officeEntries: NavEntry[] = [
  { id: "inbox", href: "/inbox", icon: Inbox, word: () => rail().inbox, roles: SEES.inbox },
  { id: "overview", href: "/overview", icon: LayoutDashboard, word: () => rail().overview, roles: SEES.overview },
  { id: "tasks", href: "/office/tasks", icon: FolderTree, word: () => rail().tasks, roles: DESK },
  { id: "lots", href: "/materials", icon: Package, word: () => rail().materials, roles: DESK },
  { id: "trace", href: "/trace", icon: Waypoints, word: () => rail().trace, roles: DESK },
  { id: "map", href: "/map", icon: MapIcon, word: () => rail().map, roles: DESK },
  { id: "defects", href: "/office/defects", icon: TriangleAlert, word: () => rail().defects, roles: DESK },
  { id: "recalls", href: "/recalls", icon: OctagonX, word: () => rail().recalls, roles: DESK },
  { id: "quality", href: "/quality", icon: ChartLine, word: () => rail().quality, roles: SEES.scorecards },
  { id: "inspect", href: "/inspect", icon: FileSearch, word: () => rail().elements, roles: DESK },
  { id: "labels", href: "/labels", icon: Tags, word: () => rail().labels, roles: LABELLERS },
  { id: "quarantine", href: "/quarantine", icon: FileX, word: () => rail().quarantine, roles: SEES.quarantine },
  { id: "people", href: "/people", icon: Users, word: () => rail().people, roles: DESK },
  { id: "settings", href: "/settings", icon: Settings, word: () => rail().settings, roles: DESK },
];
