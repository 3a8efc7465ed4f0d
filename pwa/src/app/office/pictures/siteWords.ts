/** How things on the map are called. */
import type { PlaceRow, StepRow, TaskRow } from "../../../capture";
import { nameOf, t } from "../../../shared/i18n/index.svelte";
import { app } from "../../state/app.svelte";
import { directory } from "../../state/directory.svelte";
import { stepName, taskName } from "../../state/words";
import { taskSignal } from "../trace/say";
import { o } from "../words";
import type { SiteWords } from "./site";

export function siteWords(tasks: ReadonlyMap<string, TaskRow>): SiteWords {
  return {
    place: (row: PlaceRow) => ({ title: nameOf(row), note: (o().people.placeKinds as Record<string, string>)[row.kind] ?? "" }),
    task: (row: TaskRow) => ({ title: taskName(row), note: [row.code, t().tasks.level[row.level]].filter(Boolean).join(" · ") }),
    step: (row: StepRow) => ({
      title: stepName(app.definitions, row.kind),
      note: [taskName(tasks.get(row.task_id)), directory.crew(row.crew_id)].filter(Boolean).join(" · "),
    }),
    taskSignal,
  };
}
