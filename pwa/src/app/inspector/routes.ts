/** The screens of the inspector, read only. */
import type { Route } from "../router.svelte";

export const inspectorRoutes: Route[] = [
  { path: "/inspect", load: () => import("./Start.svelte"), entry: "inspect" },
  { path: "/elements/:id", load: () => import("./Element.svelte"), entry: "inspect" },
];
