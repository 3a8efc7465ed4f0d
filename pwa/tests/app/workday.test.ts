import { describe, expect, it } from "vitest";
import type { StepRow, TaskRow } from "../../src/capture";
import { logPath, workday } from "../../src/app/crew/workday";
import type { Definitions, Plan } from "../../src/app/state/definitions";

const TODAY = "2026-11-22";

const names = { zh: "", en: "" };
const plan = {
  id: "pour",
  version: 1,
  names,
  steps: [
    { id: "permit", order: 10, names, point: "H" },
    { id: "pouring", order: 20, names, point: "S" },
  ],
} as unknown as Plan;
const definitions = { plans: [plan], point_kinds: { H: { blocks_next: true }, S: { blocks_next: false } } } as unknown as Definitions;

const task = (id: string, planned_on: string | null): TaskRow => ({ id, planned_on, plan: "pour" }) as TaskRow;
const step = (task_id: string, id: string, status: StepRow["status"]): StepRow =>
  ({ id: `${task_id}-${id}`, task_id, kind: `pour.${id}`, status, at: { wall: "2026-11-21T08:00:00.000Z" } }) as StepRow;

describe("My work", () => {
  it("sorts planned tasks into late, today and coming, and leaves far ones out", () => {
    const tasks = [task("late", "2026-11-20"), task("now", TODAY), task("soon", "2026-11-25"), task("far", "2027-01-01"), task("never", null)];
    const day = workday(tasks, [], definitions, TODAY);
    expect(day.late.map((item) => [item.task.id, item.daysLate])).toEqual([["late", 2]]);
    expect(day.today.map((item) => item.task.id)).toEqual(["now"]);
    expect(day.coming.map((item) => item.task.id)).toEqual(["soon"]);
  });

  it("keeps a task under way that was begun, and goes on after its last step", () => {
    const day = workday([task("begun", "2026-11-20")], [step("begun", "permit", "approved")], definitions, TODAY);
    expect(day.late).toEqual([]);
    expect(day.underWay.map((item) => item.next?.step.id)).toEqual(["pouring"]);
  });

  it("does not call a task late whose steps are all approved", () => {
    const steps = [step("late", "permit", "approved"), step("late", "pouring", "approved")];
    expect(workday([task("late", "2026-11-20")], steps, definitions, TODAY).late).toEqual([]);
  });

  it("offers a step that was sent back again, as a correction of the old record", () => {
    const [item] = workday([task("now", TODAY)], [step("now", "permit", "rejected")], definitions, TODAY).today;
    expect(item?.next && logPath("now", item.next)).toBe("/tasks/now/log/pour.permit?corrects=now-permit");
  });

  it("names a hold point until somebody releases it", () => {
    const tasks = [task("now", TODAY)];
    expect(workday(tasks, [step("now", "permit", "submitted")], definitions, TODAY).holds).toHaveLength(1);
    expect(workday(tasks, [step("now", "permit", "approved")], definitions, TODAY).holds).toHaveLength(0);
  });
});
