import { freshPhone, PROJECT } from "./support";
import { beforeEach, expect, test } from "vitest";
import { nextAlike } from "../../src/capture/alike";
import { db } from "../../src/capture/db";
import type { StepRow, TaskRow } from "../../src/capture/types";

const KIND = "pour.placing";
const wall = (id: string, code: string, plan = "pour") => ({ project_id: PROJECT, id, code, plan, parent_id: "8F" }) as unknown as TaskRow & { project_id: string };
const placed = (task_id: string, status: StepRow["status"] = "submitted") =>
  db.steps.add({ project_id: PROJECT, id: `step-${task_id}`, task_id, kind: KIND, status } as never);

beforeEach(async () => {
  await freshPhone();
  await db.tasks.bulkAdd([wall("a", "W2"), wall("b", "W10"), wall("c", "W1"), wall("d", "W3", "rebar")] as never[]);
});

const next = async (from: string) => (await nextAlike(PROJECT, from, KIND))?.id ?? null;

test("the next wall is the next by code, round again, of the same plan and without this step", async () => {
  expect(await next("a")).toBe("b");
  expect(await next("b")).toBe("c");
  await placed("b");
  expect(await next("a")).toBe("c");
  await placed("c", "rejected");
  expect(await next("a")).toBe("c");
  await db.steps.clear();
  await placed("b");
  await placed("c");
  expect(await next("a")).toBeNull();
});
