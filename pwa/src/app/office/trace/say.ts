/** How the nodes of a trace are called, from what this device knows of them; else by the server's own label. */
import type { LotRow, StepRow, TaskRow, TraceNode } from "../../../capture";
import { signalOf, type Signal } from "../../../shared/kit/status";
import type { Definitions } from "../../state/definitions";
import { directory } from "../../state/directory.svelte";
import { lotLabel, lotMaterial, stepName, taskName } from "../../state/words";
import { called, t } from "../../../shared/i18n/index.svelte";
import type { Said } from "./model";

interface Known {
  lots: ReadonlyMap<string, LotRow>;
  tasks: ReadonlyMap<string, TaskRow>;
  steps: ReadonlyMap<string, StepRow>;
  definitions: Definitions | undefined;
  english: boolean;
}

export function sayer(known: Known): (node: TraceNode) => Said {
  return (node) => {
    if (node.kind === "lot") return lotSaid(node, known.lots.get(node.id));
    if (node.kind === "step") return stepSaid(node, known);
    return taskSaid(node, known);
  };
}

function lotSaid(node: TraceNode, lot: LotRow | undefined): Said {
  const status = lot?.status ?? node.status ?? "";
  const signal = signalOf("lot", status);
  if (!lot) return { title: node.label, note: "", signal, group: { key: status, name: t().nav.lots } };
  return {
    title: lotLabel(lot),
    note: [lotMaterial(lot), lot.heat_no, directory.organization(lot.supplier_id)].filter(Boolean).join(" · "),
    signal,
    group: { key: lot.material, name: called(lot.material_names) },
  };
}

function stepSaid(node: TraceNode, { steps, tasks, definitions }: Known): Said {
  const step = steps.get(node.id);
  // The server's label of a step is its kind.
  const kind = step?.kind ?? node.label;
  const task = step && tasks.get(step.task_id);
  return {
    title: stepName(definitions, kind),
    note: [task ? taskName(task) : "", directory.crew(step?.crew_id)].filter(Boolean).join(" · "),
    signal: signalOf("step", step?.status ?? node.status ?? ""),
    group: { key: kind, name: stepName(definitions, kind) },
  };
}

function taskSaid(node: TraceNode, { tasks, english }: Known): Said {
  const task = tasks.get(node.id);
  const parent = task?.parent_id ? tasks.get(task.parent_id) : undefined;
  const label = (english && (node as { label_en?: string | null }).label_en) || node.label;
  const level = task?.level ?? (node.status as TaskRow["level"] | null) ?? "other";
  return {
    title: task ? taskName(task) : label,
    note: [task?.code, t().tasks.level[level]].filter(Boolean).join(" · "),
    signal: task ? taskSignal(task) : null,
    group: { key: parent?.id ?? level, name: parent ? taskName(parent) : t().tasks.level[level] },
  };
}

/** An element is as good as its records: an open defect stops it, an undecided record leaves it half. */
function taskSignal(task: TaskRow): Signal {
  if (task.defects_open > 0) return "stopped";
  if (task.steps_total === 0) return "quarantined";
  return task.steps_approved === task.steps_total ? "released" : "conditional";
}
