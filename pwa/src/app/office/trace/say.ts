/** How the nodes of a trace are called, from what this device knows of them; else by the server's own label. */
import type { LotRow, StepRow, TaskRow, TestRow, TraceNode } from "../../../capture";
import { signalOf, type Signal } from "../../../shared/kit/status";
import type { Definitions } from "../../state/definitions";
import { directory } from "../../state/directory.svelte";
import { lotLabel, lotMaterial, stepName, taskName } from "../../state/words";
import { called, t } from "../../../shared/i18n/index.svelte";
import { hrefOf } from "../lib/links";
import { o } from "../words";
import type { Named } from "./groups";
import type { Said } from "./model";
import { tw } from "./words";

interface Known {
  lots: ReadonlyMap<string, LotRow>;
  tasks: ReadonlyMap<string, TaskRow>;
  steps: ReadonlyMap<string, StepRow>;
  tests?: ReadonlyMap<string, TestRow>;
  definitions: Definitions | undefined;
  english: boolean;
}

/** What is said of a node; each is worked out once, since graph, groups and filters all ask. */
export function sayer(known: Known): (node: TraceNode) => Said {
  const said = new Map<string, Said>();
  const names = new Map<string, string>();
  // Names of kinds are looked for in all plans; a thousand records have a handful of kinds.
  const kindName = (kind: string): string => {
    const name = names.get(kind) ?? stepName(known.definitions, kind);
    names.set(kind, name);
    return name;
  };
  return (node) => {
    const before = said.get(node.id);
    if (before) return before;
    const now = saidOf(node, known, kindName);
    said.set(node.id, now);
    return now;
  };
}

function saidOf(node: TraceNode, known: Known, kindName: (kind: string) => string): Said {
  if (node.kind === "lot") return lotSaid(node, known.lots.get(node.id));
  if (node.kind === "step") return stepSaid(node, known, kindName);
  if (node.kind === "test") return testSaid(node, known);
  return taskSaid(node, known);
}

const kindFacet = (kind: "lot" | "step" | "task" | "test"): Named => ({ key: kind, name: tw().kinds[kind] });

function lotSaid(node: TraceNode, lot: LotRow | undefined): Said {
  const status = lot?.status ?? node.status ?? "";
  const signal = signalOf("lot", status);
  const kind = kindFacet("lot");
  if (!lot) {
    const what = { key: node.material ?? status, name: t().nav.lots };
    return { title: node.label, note: node.heat ?? "", signal, facets: { kind, what }, at: node.at ?? "", href: hrefOf("lot", node.id) };
  }
  const supplier = directory.organization(lot.supplier_id) || tw().noSupplier;
  return {
    title: lotLabel(lot),
    note: [lotMaterial(lot), lot.heat_no, directory.organization(lot.supplier_id)].filter(Boolean).join(" · "),
    signal,
    facets: {
      kind,
      what: { key: lot.material, name: called(lot.material_names) },
      supplier: { key: `by-${lot.supplier_id ?? ""}`, name: supplier },
    },
    at: lot.received_at ?? node.at ?? "",
    href: hrefOf("lot", node.id),
  };
}

function stepSaid(node: TraceNode, { steps, tasks }: Known, kindName: (kind: string) => string): Said {
  const step = steps.get(node.id);
  // The server's label of a step is its kind.
  const kind = step?.kind ?? node.label;
  const task = step && tasks.get(step.task_id);
  return {
    title: kindName(kind),
    note: [task ? taskName(task) : "", directory.crew(step?.crew_id)].filter(Boolean).join(" · "),
    signal: signalOf("step", step?.status ?? node.status ?? ""),
    facets: { kind: kindFacet("step"), what: { key: kind, name: kindName(kind) }, place: placeOf(task, tasks) },
    at: step?.ended_at ?? step?.started_at ?? step?.at.wall ?? node.at ?? "",
    href: hrefOf("step", node.id),
  };
}

function taskSaid(node: TraceNode, { tasks, english }: Known): Said {
  const task = tasks.get(node.id);
  const label = (english && node.label_en) || node.label;
  const level = task?.level ?? (node.status as TaskRow["level"] | null) ?? "other";
  const levelName = t().tasks.level[level] || t().tasks.level.other;
  return {
    title: task ? taskName(task) : label,
    note: [task?.code, levelName].filter(Boolean).join(" · "),
    signal: task ? taskSignal(task) : null,
    facets: { kind: kindFacet("task"), what: { key: level, name: levelName }, place: placeOf(task, tasks) },
    at: "",
    href: hrefOf("task", node.id),
  };
}

function testSaid(node: TraceNode, { tests, lots }: Known): Said {
  const test = tests?.get(node.id);
  const lot = test && lots.get(test.lot_id);
  const kind = test?.kind ?? node.label;
  const name = (o().lot.testKinds as Record<string, string>)[kind] ?? kind;
  return {
    title: name,
    note: [lot ? lotLabel(lot) : "", test?.report_no, directory.organization(test?.laboratory_id)].filter(Boolean).join(" · "),
    signal: signalOf("test", test?.result ?? node.status),
    facets: { kind: kindFacet("test"), what: { key: kind, name } },
    at: test?.tested_on ?? test?.sampled_on ?? node.at ?? "",
    // A sample stands on the page of its lot.
    href: test ? hrefOf("lot", test.lot_id) : "",
  };
}

/** The part of the breakdown that a task lies in: its parent. */
function placeOf(task: TaskRow | undefined, tasks: ReadonlyMap<string, TaskRow>): Named {
  const parent = task?.parent_id ? tasks.get(task.parent_id) : undefined;
  return { key: `in-${parent?.id ?? ""}`, name: parent ? taskName(parent) : tw().noPlace };
}

/** An element is as good as its records: an open defect stops it, an undecided record leaves it half. */
export function taskSignal(task: TaskRow): Signal {
  if (task.defects_open > 0) return "stopped";
  if (task.steps_total === 0) return "quarantined";
  return task.steps_approved === task.steps_total ? "released" : "conditional";
}
