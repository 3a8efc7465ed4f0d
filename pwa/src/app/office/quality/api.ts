/** Questions about quality: common causes, scorecards, charts, suppliers. All need a line to the server. */
import { get } from "../../../capture";
import type { components } from "../../../shared/api.gen";

type Schemas = components["schemas"];
export type Causes = Schemas["CausesOut"];
export type Suspect = Schemas["SuspectOut"];
export type Factor = Schemas["FactorOut"];
export type Behind = Schemas["BehindOut"];
export const CELLS = ["exposed_defective", "exposed_sound", "other_defective", "other_sound"] as const;
export type Cell = (typeof CELLS)[number];

/** A query in which one name may come more than once. */
function many(name: string, values: readonly string[]): string {
  return values.map((value) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** What several defects have in common, the least likely by chance first. */
export const causes = (project: string, defects: readonly string[], signal?: AbortSignal): Promise<Causes> =>
  get(`/api/projects/${project}/causes?${many("defects", defects)}`, {}, signal);

/** The elements behind one number of a suspect's table. */
export const behind = (project: string, defects: readonly string[], of: Factor, cell: Cell, signal?: AbortSignal): Promise<Behind> =>
  get(`/api/projects/${project}/causes/elements?${many("defects", defects)}&kind=${of.kind}&key=${encodeURIComponent(of.key)}&cell=${cell}`, {}, signal);
