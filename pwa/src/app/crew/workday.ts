/** What My work shows: which planned tasks are late, due today or coming, and what waits at a hold point. Pure. */
import type { StepRow, TaskRow } from "../../capture";
import { groupBy } from "../../shared/group";
import type { Definitions, Plan, PlanStep } from "../state/definitions";

export type WorkState = "not_started" | "under_way" | "done" | "late" | "hold";

/** The step to log next; `corrects` is the record that was sent back and is made anew. */
export interface Next {
  plan: Plan;
  step: PlanStep;
  corrects: string | null;
}

/** Where that step is logged. */
export function logPath(taskId: string, next: Next): string {
  const path = `/tasks/${taskId}/log/${next.plan.id}.${next.step.id}`;
  return next.corrects ? `${path}?corrects=${next.corrects}` : path;
}

export interface WorkItem {
  task: TaskRow;
  state: WorkState;
  /** The step to log next; null when the task has no plan or all are logged. */
  next: Next | null;
  logged: number;
  approved: number;
  /** Steps of the plan, or of those recorded when there is no plan. */
  all: number;
  daysLate: number;
}

export interface Hold {
  task: TaskRow;
  step: PlanStep;
  record: StepRow;
}

export interface Workday {
  /** Planned for a day that has gone, and nothing is logged yet. */
  late: WorkItem[];
  today: WorkItem[];
  /** Begun earlier and not done, newest plan first. */
  underWay: WorkItem[];
  coming: WorkItem[];
  holds: Hold[];
}

const DAY_MS = 86_400_000;
const AHEAD_DAYS = 7;
const COUNTS: ReadonlySet<string> = new Set(["awaiting_files", "submitted", "approved"]);

/** Sorts the planned tasks of a project. `today` is `YYYY-MM-DD` on this phone. */
export function workday(
  tasks: readonly TaskRow[],
  steps: readonly StepRow[],
  definitions: Definitions | undefined,
  today: string,
): Workday {
  const byTask = groupBy(steps, (step) => step.task_id);
  const items = tasks
    .filter((task) => task.planned_on !== null)
    .map((task) => workItem(task, byTask.get(task.id) ?? [], definitions, today));
  const open = items.filter((item) => item.state !== "done");
  const on = (item: WorkItem): string => item.task.planned_on ?? "";
  const before = (a: WorkItem, b: WorkItem): number => on(a).localeCompare(on(b));
  const last = new Date(Date.parse(today) + AHEAD_DAYS * DAY_MS).toISOString().slice(0, 10);
  return {
    late: open.filter((item) => item.state === "late").sort(before),
    today: items.filter((item) => on(item) === today),
    underWay: open.filter((item) => on(item) < today && item.state === "under_way").sort((a, b) => before(b, a)),
    coming: open.filter((item) => on(item) > today && on(item) <= last).sort(before),
    holds: holdsOf(tasks, byTask, definitions),
  };
}

/** The first step after the last one that is logged; a step that was left out on the way is offered last. */
function nextOf(plan: Plan | undefined, logged: ReadonlySet<string>): PlanStep | undefined {
  const isOpen = (step: PlanStep): boolean => !logged.has(`${plan?.id}.${step.id}`);
  const steps = plan?.steps ?? [];
  const last = steps.map(isOpen).lastIndexOf(false);
  return steps.slice(last + 1).find(isOpen) ?? steps.find(isOpen);
}

/** How far one task is. */
export function workItem(
  task: TaskRow,
  steps: readonly StepRow[],
  definitions: Definitions | undefined,
  today: string,
): WorkItem {
  const plan = definitions?.plans.find((one) => one.id === task.plan);
  const logged = stepIds(steps, (status) => COUNTS.has(status));
  const approved = stepIds(steps, (status) => status === "approved");
  const open = nextOf(plan, logged);
  const all = plan?.steps.length ?? logged.size;
  const done = all > 0 && approved.size >= all;
  const daysLate = task.planned_on ? Math.round((Date.parse(today) - Date.parse(task.planned_on)) / DAY_MS) : 0;
  const state = done ? "done" : logged.size > 0 ? "under_way" : daysLate > 0 ? "late" : "not_started";
  return {
    task,
    state,
    next: plan && open ? { plan, step: open, corrects: sentBack(steps, `${plan.id}.${open.id}`) } : null,
    logged: logged.size,
    approved: approved.size,
    all,
    daysLate,
  };
}

function sentBack(steps: readonly StepRow[], kind: string): string | null {
  return steps.find((step) => step.kind === kind && (step.status === "rejected" || step.status === "more_asked"))?.id ?? null;
}

function stepIds(steps: readonly StepRow[], wanted: (status: string) => boolean): Set<string> {
  return new Set(steps.filter((step) => wanted(step.status)).map((step) => step.kind));
}

/** Records at hold points that nobody has released yet: the work after them stands still. */
function holdsOf(
  tasks: readonly TaskRow[],
  byTask: ReadonlyMap<string, StepRow[]>,
  definitions: Definitions | undefined,
): Hold[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const holds: Hold[] = [];
  for (const [taskId, records] of byTask) {
    const task = byId.get(taskId);
    const plan = definitions?.plans.find((one) => one.id === task?.plan);
    if (!task || !plan) continue;
    for (const step of plan.steps) {
      if (!definitions?.point_kinds[step.point]?.blocks_next) continue;
      const of = records.filter((record) => record.kind === `${plan.id}.${step.id}`);
      const record = of.find((one) => one.status === "submitted");
      if (record && !of.some((one) => one.status === "approved")) holds.push({ task, step, record });
    }
  }
  return holds.sort((a, b) => (a.record.at.wall < b.record.at.wall ? 1 : -1));
}
