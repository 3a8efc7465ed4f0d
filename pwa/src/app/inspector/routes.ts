/** The screens of the inspector, read only. */
import type { Route } from "../router.svelte";

export const inspectorRoutes: Route[] = [];
