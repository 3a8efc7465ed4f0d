/**
 * Finding by any part of a code, heat, number or name, in both languages, without a line.
 *
 * The texts of a project are read once and kept in memory until the replica changes: 20,000 lots and tasks are
 * about 2 MB, and each key press then only walks over them.
 */
import { db } from "./db";
import type { Definitions } from "./definitions";
import type { FeedKind, FeedRows, Kept, Uuid } from "./types";

export interface Found {
  kind: "lot" | "task" | "certificate" | "defect" | "equipment" | "place" | "crew" | "organization";
  id: Uuid;
  /** What people call it. */
  label: string;
  /** What helps to tell it from others of that name; may be empty. */
  detail: string;
}

interface Entry extends Found {
  /** Lower case, parts divided by a line break. */
  text: string;
}

type Row<K extends FeedKind> = Kept<FeedRows[K]>;
type Parts = { label: string; detail: string; also: (string | null | undefined)[] };

let kept: { key: string; entries: Promise<Entry[]> } | null = null;

/** Up to `limit` things that hold every word of `text`; those whose label begins with it first. */
export async function search(project_id: Uuid, text: string, limit = 30): Promise<Found[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = (await entriesOf(project_id)).filter((entry) => words.every((word) => entry.text.includes(word)));
  const begins = (entry: Entry): number => (entry.label.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  hits.sort((a, b) => begins(a) - begins(b) || a.label.length - b.label.length || (a.label < b.label ? -1 : 1));
  return hits.slice(0, limit).map(({ kind, id, label, detail }) => ({ kind, id, label, detail }));
}

async function entriesOf(project_id: Uuid): Promise<Entry[]> {
  const [meta, acts] = await Promise.all([db.meta.get(project_id), db.acts.count()]);
  const key = `${project_id}:${meta?.cursor ?? 0}:${acts}`;
  if (kept?.key !== key) kept = { key, entries: readAll(project_id) };
  return kept.entries;
}

async function readAll(project_id: Uuid): Promise<Entry[]> {
  const [aliases, marks] = await Promise.all([materialAliases(), marksByThing(project_id)]);
  const lists = await Promise.all([
    read("lot", project_id, (row) => {
      const parts = lotParts(row);
      return { ...parts, also: [...parts.also, ...(aliases.get(row.material) ?? []), ...(marks.get(row.id) ?? [])] };
    }),
    read("task", project_id, taskParts),
    read("certificate", project_id, (row) => ({ label: row.number, detail: row.issuer ?? "", also: row.heats })),
    read("defect", project_id, (row) => ({ label: row.title, detail: row.code, also: [row.description] })),
    read("equipment", project_id, (row) => ({ label: row.code, detail: row.name, also: [row.name_en, row.serial_no] })),
    read("place", project_id, (row) => ({ label: row.name, detail: row.name_en ?? "", also: [] })),
    read("crew", project_id, (row) => ({ label: row.name, detail: row.trade, also: [row.name_en] })),
    read("organization", project_id, (row) => ({ label: row.name, detail: row.name_en ?? "", also: [] })),
  ]);
  return lists.flat();
}

/** What people also call a material: 商砼 for ready-mixed concrete. */
async function materialAliases(): Promise<Map<string, string[]>> {
  const kept = (await db.cache.get("definitions"))?.value as Definitions | undefined;
  const said = (kept?.materials ?? []) as { id: string; aliases?: { zh?: string[]; en?: string[] } }[];
  return new Map(said.map((one) => [one.id, [...(one.aliases?.zh ?? []), ...(one.aliases?.en ?? [])]]));
}

async function marksByThing(project_id: Uuid): Promise<Map<Uuid, string[]>> {
  const found = new Map<Uuid, string[]>();
  for (const mark of await db.marks.where("project_id").equals(project_id).toArray()) {
    found.set(mark.thing_id, [...(found.get(mark.thing_id) ?? []), mark.value]);
  }
  return found;
}

function lotParts(row: Row<"lot">): Parts {
  const { zh, en } = row.material_names;
  const detail = [zh, row.grade, row.size, row.heat_no ?? row.batch_no].filter(Boolean).join(" ");
  const also = [en, row.batch_no, row.delivery_note, row.manufacturer, row.vehicle, row.qr];
  return { label: row.code || row.heat_no || row.batch_no || zh, detail, also };
}

function taskParts(row: Row<"task">): Parts {
  return { label: row.code, detail: row.name, also: [row.name_en, row.qr] };
}

async function read<K extends Found["kind"]>(kind: K, project_id: Uuid, parts: (row: Row<K>) => Parts): Promise<Entry[]> {
  const found = (await db.replica(kind).where("project_id").equals(project_id).toArray()) as Row<K>[];
  return found.map((row) => {
    const { label, detail, also } = parts(row);
    const text = [label, detail, ...also].filter(Boolean).join("\n").toLowerCase();
    return { kind, id: row.id, label, detail, text };
  });
}
