/** Elements that follow the same plan: where the same work comes next. */
import { db } from "./db";
import type { RowOf } from "./queries";
import type { Uuid } from "./types";

/**
 * The next element beside this one, in the order of codes and round again, that follows the same plan and where this
 * kind of step is not recorded; null when there is none.
 */
export async function nextAlike(project_id: Uuid, task_id: Uuid, kind: string): Promise<RowOf<"task"> | null> {
  const here = await db.tasks.get([project_id, task_id]);
  if (!here?.plan || !here.parent_id) return null;
  const beside = await db.tasks.where("[project_id+parent_id]").equals([project_id, here.parent_id]).toArray();
  const alike = beside.filter((task) => task.plan === here.plan).sort((a, b) => a.code.localeCompare(b.code, "en", { numeric: true }));
  const at = alike.findIndex((task) => task.id === task_id);
  for (const task of [...alike.slice(at + 1), ...alike.slice(0, at)]) {
    const steps = await db.steps.where("[project_id+task_id]").equals([project_id, task.id]).toArray();
    if (!steps.some((step) => step.kind === kind && step.status !== "rejected")) return task;
  }
  return null;
}
