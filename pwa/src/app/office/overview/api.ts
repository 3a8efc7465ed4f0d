/** What the overview asks the server. */
import { get } from "../../../capture";
import type { components } from "../../../shared/api.gen";

type Schemas = components["schemas"];
export type Overview = Schemas["OverviewOut"];
export type Total = Schemas["Total"];
export type Share = Schemas["Share"];
export type Company = Schemas["ProjectShare"][];
export type Records = Schemas["RecordsOut"];
export type RecordLine = Schemas["RecordOut"];
export type What = Total["what"];
export type Group = Total["group"];
export const GROUPS: readonly Group[] = ["open", "late", "stopped", "unproven"];

export const overview = (project: string, signal?: AbortSignal): Promise<Overview> => get(`/api/projects/${project}/overview`, {}, signal);

/** Totals of every project where the reader may see them. */
export const company = (signal?: AbortSignal): Promise<Company> => get("/api/overview", {}, signal);

export interface Asked {
  what: What;
  place?: string | undefined;
  trade?: string | undefined;
}

export const records = (project: string, asked: Asked, signal?: AbortSignal): Promise<Records> =>
  get(`/api/projects/${project}/overview/records`, { ...asked }, signal);
