/**
 * Which acts a role may do: what the server's table says (`identity/roles.py`), so that a screen offers only what
 * will be taken. The server judges again; a test compares the two tables.
 */
import type { ActType } from "../../capture";

const OFFICE = ["project_manager", "technical_lead", "administrator"];
const SITE = ["foreman", "crew_leader", "crew", "contractor_qc", ...OFFICE];
const STORE = ["material_keeper", "storekeeper", "foreman", ...OFFICE];
const QUALITY = ["contractor_qc", "supervisor", "chief_supervisor", ...OFFICE];
const NEVER_DEFECTS = ["supplier"];

const MAY: Partial<Record<ActType, readonly string[]>> = {
  "organization:add": [...OFFICE, "material_keeper", "clerk"],
  "member:admit": [...OFFICE, "foreman", "crew_leader"],
  "member:remove": OFFICE,
  "crew:add": [...OFFICE, "foreman"],
  "equipment:add": [...OFFICE, "foreman", "clerk"],
  "place:add": [...OFFICE, "foreman", "material_keeper", "storekeeper"],
  "task:add": [...OFFICE, "foreman", "clerk"],
  "task:import": [...OFFICE, "clerk"],
  "roll:reserve": [...STORE, "clerk"],
  "roll:print": [...STORE, "clerk"],
  "label:bind": [...STORE, ...SITE, "clerk"],
  "mark:bind": [...STORE, ...SITE, "clerk"],
  "mark:release": [...STORE, "clerk"],
  "lot:announce": [...STORE, "supplier", "clerk"],
  "lot:receive": [...STORE, "crew_leader"],
  "lot:move": [...STORE, "crew_leader"],
  "lot:split": [...STORE, "crew_leader"],
  "lot:issue": STORE,
  "lot:return": [...STORE, "crew_leader"],
  "lot:scrap": [...STORE, "contractor_qc"],
  "lot:hold": [...QUALITY, ...STORE, "inspector"],
  "lot:release": QUALITY,
  "lot:stop": [...QUALITY, "inspector", "owner"],
  "certificate:attach": [...STORE, "clerk", "supplier", "contractor_qc"],
  "test:record": ["lab", "third_party_lab", "sampler", "contractor_qc", "clerk", ...OFFICE],
  "step:record": [...SITE, "supervision_clerk", "supervisor", "sampler", "surveyor"],
  "approval:decide": ["project_manager"],
};

/** Whether somebody with these roles may do this act. */
export function may(type: ActType, roles: readonly string[]): boolean {
  if (type === "defect:raise") return roles.some((role) => !NEVER_DEFECTS.includes(role));
  return MAY[type]?.some((role) => roles.includes(role)) ?? false;
}
