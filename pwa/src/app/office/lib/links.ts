/** Where the record of a thing opens, so that no id or name is a dead end. */
import type { Found, TraceStart } from "../../../capture";

export type FoundKind = Found["kind"] | "member";

const TABS: Partial<Record<FoundKind | "step", string>> = {
  member: "members",
  organization: "organizations",
  crew: "crews",
  equipment: "equipment",
  place: "places",
};

/** The page of a record. */
export function hrefOf(kind: FoundKind | "step", id: string): string {
  const tab = TABS[kind];
  if (tab) return `/people?tab=${tab}&at=${id}`;
  if (kind === "lot") return `/materials/${id}`;
  if (kind === "task") return `/elements/${id}`;
  if (kind === "step") return `/records/${id}`;
  if (kind === "certificate") return `/certificates/${id}`;
  return `/office/defects/${id}`;
}

/** The trace from a thing. */
export function traceOf(kind: Exclude<TraceStart["kind"], "delivery" | "period">, id: string): string {
  return `/trace?kind=${kind}&node=${id}`;
}
