/**
 * The tables of each release's database, word for word as it was shipped. Nothing here is ever changed: a new version of
 * src/capture/db.ts adds its own entry, and databases.test.ts fails until it does.
 */
const OWNED = "[project_id+id], project_id";

const first = {
  keys: "device_id, login",
  session: "name",
  acts: "id, [device_id+seq], state, [project_id+state], [project_id+object_id], verdict, recorded_at",
  files: "[project_id+sha256], state, sha256, verified_at",
  bytes: "[project_id+sha256], sha256",
  drafts: "key, [project_id+kind], saved_at",
  meta: "project_id",
  cache: "name",
  organizations: `${OWNED}, [project_id+kind]`,
  members: OWNED,
  crews: OWNED,
  equipment: `${OWNED}, qr`,
  places: `${OWNED}, qr`,
  projects: OWNED,
  tasks: `${OWNED}, qr, [project_id+parent_id], [project_id+code]`,
  lots: `${OWNED}, qr, [project_id+code], [project_id+heat_no], [project_id+status], [project_id+received_at]`,
  certificates: `${OWNED}, [project_id+number], *lot_ids`,
  tests: `${OWNED}, [project_id+lot_id]`,
  steps: `${OWNED}, [project_id+task_id], [project_id+status]`,
  defects: `${OWNED}, [project_id+task_id], [project_id+status]`,
};
const second = { ...first, rolls: OWNED, marks: `${OWNED}, [project_id+value], [project_id+thing_id]` };
const third = { ...second, answers: `${OWNED}, act_id`, parts: "[project_id+at], project_id" };
const fourth = {
  ...third,
  recalls: `${OWNED}, [project_id+status]`,
  recall_items: `${OWNED}, [project_id+recall_id], [project_id+lot_id]`,
};
const fifth = {
  ...fourth,
  files: "[project_id+sha256], state, sha256, verified_at, media",
  drafts: "key, [project_id+kind], saved_at, *media",
  pieces: "[media+at], media",
};
const sixth = { ...fifth, people: "person_id" };

/** By version of the database. */
export const STORES: Record<number, Record<string, string>> = { 1: first, 2: second, 3: third, 4: fourth, 5: fifth, 6: sixth };
