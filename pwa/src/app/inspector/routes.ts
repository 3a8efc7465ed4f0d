/** The screens of the inspector, read only. */
import type { Route } from "../router.svelte";

export const inspectorRoutes: Route[] = [
  { path: "/inspect", load: () => import("./Start.svelte"), entry: "inspect" },
  { path: "/g/:code", load: () => import("../link/Open.svelte"), frame: "bare", open: true },
  { path: "/elements/:id", load: () => import("./Element.svelte"), entry: "inspect" },
];
