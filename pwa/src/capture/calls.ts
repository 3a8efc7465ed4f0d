/** Questions that only the server can answer. All throw ProblemError, Offline, NotSignedIn. */
import { call, callJson, get, post, withQuery } from "./api";
import { imageUrl } from "./files";
import type {
  CaseDetail,
  CaseList,
  CodeTarget,
  DeviceChain,
  ElsewhereLot,
  FileMeta,
  ImportPreview,
  LabelledKind,
  Invite,
  NcrCosts,
  NewInvite,
  Party,
  RecallAbout,
  RecallPerson,
  RecallPreview,
  Sha256,
  StepRecord,
  StoredAct,
  TaskRecord,
  Trace,
  Uuid,
} from "./types";

/** What a label's code stands for. Problem `code-unknown` also for codes of projects one is no member of. */
export const resolveCode = (code: string, signal?: AbortSignal): Promise<CodeTarget> =>
  get(`/api/codes/${encodeURIComponent(code)}`, {}, signal);

/** Where a trace begins: a thing by its id, a delivery by the number of its note, a period by its two instants. */
export type TraceStart =
  | { kind: "lot" | "step" | "task" | "test" | "certificate" | "defect" | "equipment" | "crew" | "supplier"; node: Uuid }
  | { kind: "delivery"; note: string }
  | { kind: "period"; since: string; until: string };

export type TraceQuery = TraceStart & {
  direction: "backward" | "forward" | "both";
  limit?: number;
  /** Tells of each node how much is in what; takes longer. */
  shares?: boolean;
};

export const trace = (project_id: Uuid, query: TraceQuery, signal?: AbortSignal): Promise<Trace> =>
  get(`/api/projects/${project_id}/trace`, { ...query }, signal);

export const invites = (project_id: Uuid, signal?: AbortSignal): Promise<Invite[]> =>
  get(`/api/projects/${project_id}/invites`, {}, signal);

export interface InviteDetails {
  display_name: string;
  organization: Uuid;
  roles: string[];
  crew?: Uuid;
}

export const createInvite = (project_id: Uuid, details: InviteDetails): Promise<NewInvite> =>
  post(`/api/projects/${project_id}/invites`, details);

/** One act as the server keeps it, by whomever it was recorded. */
export const storedAct = (project_id: Uuid, act_id: Uuid, signal?: AbortSignal): Promise<StoredAct> =>
  get(`/api/projects/${project_id}/acts/${act_id}`, {}, signal);

/** The quarantine: what was refused, newest first. Who does not manage the project sees their own. */
export const quarantine = (
  project_id: Uuid,
  query: { show?: "open" | "answered" | "all"; limit?: number; offset?: number },
  signal?: AbortSignal,
): Promise<CaseList> => get(`/api/projects/${project_id}/quarantine`, { ...query }, signal);

/** One refused record with the exact bytes that were signed. */
export const quarantined = (project_id: Uuid, id: Uuid, signal?: AbortSignal): Promise<CaseDetail> =>
  get(`/api/projects/${project_id}/quarantine/${id}`, {}, signal);

/** How the chain of a device stands now. */
export const deviceChain = (project_id: Uuid, device_id: Uuid, signal?: AbortSignal): Promise<DeviceChain> =>
  get(`/api/projects/${project_id}/devices/${device_id}/chain`, {}, signal);

/** Claims of a file's EXIF, state of its derivatives, where it is attached. */
export const fileMeta = (project_id: Uuid, sha256: Sha256, signal?: AbortSignal): Promise<FileMeta> =>
  get(`/api/projects/${project_id}/files/${sha256}/meta`, {}, signal);

/** Read a schedule (CSV) without storing anything; the act `task:import` names the same file then. */
export async function previewImport(project_id: Uuid, file: Blob, signal?: AbortSignal): Promise<ImportPreview> {
  const body = new FormData();
  body.append("file", file, "schedule.csv");
  const path = `/api/projects/${project_id}/tasks/import/preview`;
  return callJson(path, { method: "POST", body, timeoutMs: 120_000, ...(signal ? { signal } : {}) });
}

/** One step with everything that an approver looks at. */
export const stepRecord = (project_id: Uuid, step_id: Uuid, signal?: AbortSignal): Promise<StepRecord> =>
  get(`/api/projects/${project_id}/steps/${step_id}`, {}, signal);

/** The element page. */
export const taskRecord = (project_id: Uuid, task_id: Uuid, signal?: AbortSignal): Promise<TaskRecord> =>
  get(`/api/projects/${project_id}/tasks/${task_id}/record`, {}, signal);

/** An object URL of a QR label as PNG; `size` in millimetres, for example `60x40`. */
export const labelUrl = (project_id: Uuid, kind: LabelledKind, id: Uuid, size?: string): Promise<string> =>
  imageUrl(withQuery(`/api/projects/${project_id}/labels/${kind}/${id}.png`, { size }));

/** Labels of things, or blank ones of a roll by running numbers: on A4 sheets (PDF) or for a label printer (ZPL). */
export interface LabelJob {
  things?: { kind: LabelledKind; id: Uuid }[];
  roll?: Uuid;
  first?: number;
  last?: number;
  form: "pdf" | "zpl";
  /** Columns x rows of the sheet. */
  sheet?: string;
  /** The first free place of a part-used sheet, from 1. */
  start?: number;
  /** Millimetres of a label on the printer's roll. */
  size?: string;
  dpi?: number;
}

export async function printLabels(project_id: Uuid, job: LabelJob): Promise<Blob> {
  return (await call(`/api/projects/${project_id}/labels`, { method: "POST", json: job, timeoutMs: 60_000 })).blob();
}

/** What a recall on this would stop, beside what would be stopped without a trace. */
export const recallPreview = (project_id: Uuid, about: RecallAbout, signal?: AbortSignal): Promise<RecallPreview> => {
  const { things = [], ...rest } = about;
  const query = new URLSearchParams(Object.entries(rest).filter((pair): pair is [string, string] => Boolean(pair[1])));
  for (const thing of things) query.append("things", thing);
  return get(`/api/projects/${project_id}/recalls/preview?${query.toString()}`, {}, signal);
};

/** Who knows of a recall, and when silent phones last spoke to the server. */
export const recallPeople = (project_id: Uuid, id: Uuid, signal?: AbortSignal): Promise<{ people: RecallPerson[] }> =>
  get(`/api/projects/${project_id}/recalls/${id}/people`, {}, signal);

/** Lots of the same manufacturer and heat in other projects of this person. */
export const recallElsewhere = (project_id: Uuid, id: Uuid, signal?: AbortSignal): Promise<{ lots: ElsewhereLot[] }> =>
  get(`/api/projects/${project_id}/recalls/${id}/elsewhere`, {}, signal);

/** The report as PDF, in this person's language. */
export async function recallReport(project_id: Uuid, id: Uuid): Promise<Blob> {
  return (await call(`/api/projects/${project_id}/recalls/${id}/report`, { timeoutMs: 60_000 })).blob();
}

/** Who stood behind a defect, with the facts on record. */
export const defectParties = (project_id: Uuid, id: Uuid, signal?: AbortSignal): Promise<{ parties: Party[] }> =>
  get(`/api/projects/${project_id}/defects/${id}/parties`, {}, signal);

/** Costs of a nonconformance; not for everybody. */
export const defectCosts = (project_id: Uuid, id: Uuid, signal?: AbortSignal): Promise<NcrCosts> =>
  get(`/api/projects/${project_id}/defects/${id}/costs`, {}, signal);
