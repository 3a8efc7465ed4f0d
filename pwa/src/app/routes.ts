/** Every screen and its path. Each is a chunk of its own; the service worker keeps those of the crew for offline use, and those of the desk from their first use. */
import { inspectorRoutes } from "./inspector/routes";
import { officeRoutes } from "./office/routes";
import type { Route } from "./router.svelte";
import { recallsWaiting } from "./crew/recallsWaiting";
import Work from "./crew/Work.svelte";

/** The first screen travels with the shell; everything else comes when it is needed. */
function work(): Promise<{ default: typeof Work }> {
  void recallsWaiting().catch(() => undefined);
  return Promise.resolve({ default: Work });
}

const crewRoutes: Route[] = [
  { path: "/", load: work, entry: "work" },
  { path: "/sign-in", load: () => import("./crew/SignIn.svelte"), frame: "bare", open: true },
  { path: "/join/:code", load: () => import("./crew/Join.svelte"), frame: "bare", open: true },
  { path: "/q/:code", load: () => import("./crew/Code.svelte"), entry: "scan", open: true },
  { path: "/scan", load: () => import("./crew/Scan.svelte"), entry: "scan" },
  { path: "/lots", load: () => import("./crew/Lots.svelte"), entry: "lots" },
  { path: "/lots/:id", load: () => import("./crew/Lot.svelte"), entry: "lots" },
  { path: "/lots/:id/certificate", load: () => import("./crew/AttachCertificate.svelte"), frame: "focus", entry: "lots" },
  { path: "/receive", load: () => import("./crew/Receive.svelte"), frame: "focus", entry: "lots" },
  { path: "/tasks", load: () => import("./crew/Tasks.svelte"), entry: "tasks" },
  { path: "/tasks/:id", load: () => import("./crew/Task.svelte"), entry: "tasks" },
  { path: "/tasks/:id/log/:kind", load: () => import("./crew/LogStep.svelte"), frame: "focus", entry: "work" },
  { path: "/tasks/:id/defect", load: () => import("./crew/RaiseDefect.svelte"), frame: "focus", entry: "work" },
  { path: "/steps/:id", load: () => import("./crew/Step.svelte"), entry: "work" },
  { path: "/defects/:id", load: () => import("./crew/Defect.svelte"), entry: "work" },
  { path: "/outbox", load: () => import("./crew/Outbox.svelte"), entry: "outbox" },
  { path: "/me", load: () => import("./crew/Me.svelte"), entry: "me" },
];

// The office and the inspector come first, so that they may take over a path.
export const routes: readonly Route[] = [...officeRoutes, ...inspectorRoutes, ...crewRoutes];
