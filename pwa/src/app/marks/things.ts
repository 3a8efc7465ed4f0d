/** Things that carry labels and marks, as people call them; and the acts that put a label or mark on one. */
import { findRow, record, uuid7, type ActBodies, type LabelledKind, type ReadBy } from "../../capture";
import { nameOf } from "../../shared/i18n/index.svelte";
import type { Reading } from "../../marks/reading";
import { app } from "../state/app.svelte";
import { lotLabel, lotMaterial } from "../state/words";

export interface Thing {
  kind: LabelledKind;
  id: string;
  label: string;
  detail: string;
}

/** A thing by what this phone knows of it; null when it does not know it. */
export async function thingOf(kind: LabelledKind, id: string): Promise<Thing | null> {
  if (kind === "lot") {
    const lot = await findRow("lot", app.projectId, id);
    return lot && { kind, id, label: lotLabel(lot), detail: lotMaterial(lot) };
  }
  if (kind === "task") {
    const task = await findRow("task", app.projectId, id);
    return task && { kind, id, label: task.code, detail: nameOf(task) };
  }
  if (kind === "place") {
    const place = await findRow("place", app.projectId, id);
    return place && { kind, id, label: nameOf(place), detail: "" };
  }
  const machine = await findRow("equipment", app.projectId, id);
  return machine && { kind, id, label: machine.code, detail: nameOf(machine) };
}

/** Puts a label of ours on a thing. */
export async function bindLabel(code: string, { kind, id }: Pick<Thing, "kind" | "id">): Promise<void> {
  await record("label:bind", id, { kind, code });
}

/** What was read off a thing, by what, and its normal form. */
export interface Read {
  text: string;
  read: ReadBy;
  reading: Reading;
}

/** What lets a mark that a thing has already stand for it: the body of mark:bind. */
export function markBody({ text, read, reading }: Read, { kind, id }: Pick<Thing, "kind" | "id">): ActBodies["mark:bind"] {
  return { kind: read, text, value: reading.value, thing_kind: kind, thing: id };
}

export async function bindMark(mark: Read, thing: Pick<Thing, "kind" | "id">): Promise<void> {
  await record("mark:bind", uuid7(), markBody(mark, thing));
}
