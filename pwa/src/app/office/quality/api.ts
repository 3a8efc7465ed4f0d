/** Questions about quality: common causes, scorecards, charts, suppliers. All need a line to the server. */
import { get, post } from "../../../capture";
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

export type Card = Schemas["CardOut"];
export type Metric = Schemas["MetricOut"];
export type Fact = Schemas["FactOut"];
export type Facts = Schemas["FactsOut"];
export type Charts = Schemas["ChartsOut"];
export type Chart = Schemas["ChartOut"];
export type ChartChoice = Schemas["ChoiceOut"];
export type By = "crew" | "equipment" | "supplier";

/** Scorecards of all suppliers or crews. */
export const scorecards = (project: string, of: "supplier" | "crew", signal?: AbortSignal): Promise<Card[]> =>
  get(`/api/projects/${project}/scorecards`, { of }, signal);

/** The records behind one number of a scorecard. */
export const scoreRecords = (project: string, of: "supplier" | "crew", id: string, metric: Metric["key"], signal?: AbortSignal): Promise<Facts> =>
  get(`/api/projects/${project}/scorecards/records`, { of, id, metric }, signal);

/** What can be charted of a crew, machine or supplier. */
export const choicesOf = (project: string, by: By, id: string, signal?: AbortSignal): Promise<ChartChoice[]> =>
  get(`/api/projects/${project}/charts/choices`, { by, id }, signal);

/** Control charts of one of those choices. */
export const chartOf = (project: string, by: By, id: string, metric: string, signal?: AbortSignal): Promise<Charts> =>
  get(`/api/projects/${project}/charts`, { by, id, metric }, signal);

export type Supplier = Schemas["SupplierOut"];
export type Match = Schemas["MatchOut"];

/** Suppliers with standing, names in other systems and numbers of lots. */
export const suppliers = (project: string, signal?: AbortSignal): Promise<Supplier[]> => get(`/api/projects/${project}/suppliers`, {}, signal);

/** What names of another system may mean. */
export const matchNames = (project: string, names: readonly string[]): Promise<Match[]> =>
  post(`/api/projects/${project}/suppliers/match`, { names });
