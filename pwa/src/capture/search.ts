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
  /** The label in lower case. */
  low: string;
}

type Row<K extends FeedKind> = Kept<FeedRows[K]>;
type Parts = { label: string; detail: string; also: (string | null | undefined)[] };

/** What was read last, and for which state of the replica. */
let known: { project_id: Uuid; key: string; entries: Entry[] } | null = null;
let reading: { key: string; entries: Promise<Entry[]> } | null = null;
let rest: ReturnType<typeof setTimeout> | undefined;
/** What the letters before found: one more letter never finds more. */
let before: { entries: Entry[]; text: string; hits: Entry[] } | null = null;

/** What came meanwhile is read when nobody has typed for so long: reading all of a large project takes longer than a letter may. */
const REST_MS = 300;

/**
 * Up to `limit` things that hold every word of `text`; those whose label begins with it first. Rows that came while
 * somebody types may be missing until the next pause, but never when nothing else is found. An empty text finds nothing
 * and reads the project already, so that the first letter need not wait for it.
 */
export async function search(project_id: Uuid, text: string, limit = 30): Promise<Found[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const key = await keyOf(project_id);
  const old = known?.project_id === project_id ? known : null;
  clearTimeout(rest);
  if (old && old.key !== key) rest = setTimeout(() => void read(project_id, key).catch(() => undefined), REST_MS);
  let hits = matching(old?.entries ?? (await read(project_id, key)), words);
  if (hits.length === 0 && words.length > 0 && old && old.key !== key) hits = matching(await read(project_id, key), words);
  return best(hits, words[0] ?? "", limit).map(({ kind, id, label, detail }) => ({ kind, id, label, detail }));
}

/** Changes with everything that may change what is found. */
async function keyOf(project_id: Uuid): Promise<string> {
  const [meta, acts] = await Promise.all([db.meta.get(project_id), db.acts.count()]);
  return `${project_id}:${meta?.cursor ?? 0}:${acts}`;
}

function read(project_id: Uuid, key: string): Promise<Entry[]> {
  if (reading?.key !== key) {
    const entries = readAll(project_id);
    const mine = (reading = { key, entries });
    entries.then(
      (found) => {
        if (reading === mine) known = { project_id, key, entries: found };
      },
      () => {
        if (reading === mine) reading = null;
      },
    );
  }
  return reading.entries;
}

function matching(entries: Entry[], words: string[]): Entry[] {
  if (words.length === 0) return [];
  const text = words.join(" ");
  const from = before?.entries === entries && text.startsWith(before.text) ? before.hits : entries;
  const hits = from.filter((entry) => words.every((word) => entry.text.includes(word)));
  before = { entries, text, hits };
  return hits;
}

/** The first `limit` in order, without ordering thousands that nobody will see. */
function best(hits: Entry[], word: string, limit: number): Entry[] {
  const found: Entry[] = [];
  const order = (a: Entry, b: Entry): number =>
    Number(b.low.startsWith(word)) - Number(a.low.startsWith(word)) || a.low.length - b.low.length || (a.low < b.low ? -1 : 1);
  for (const hit of hits) {
    const last = found[limit - 1];
    if (last && order(hit, last) > 0) continue;
    const at = found.findIndex((one) => order(hit, one) < 0);
    found.splice(at < 0 ? found.length : at, 0, hit);
    found.length = Math.min(found.length, limit);
  }
  return found;
}

async function readAll(project_id: Uuid): Promise<Entry[]> {
  const [aliases, marks] = await Promise.all([materialAliases(), marksByThing(project_id)]);
  const lists = await Promise.all([
    rowsOf("lot", project_id, (row) => {
      const parts = lotParts(row);
      return { ...parts, also: [...parts.also, ...(aliases.get(row.material) ?? []), ...(marks.get(row.id) ?? [])] };
    }),
    rowsOf("task", project_id, taskParts),
    rowsOf("certificate", project_id, (row) => ({ label: row.number, detail: row.issuer ?? "", also: row.heats })),
    rowsOf("defect", project_id, (row) => ({ label: row.title, detail: row.code, also: [row.description] })),
    rowsOf("equipment", project_id, (row) => ({ label: row.code, detail: row.name, also: [row.name_en, row.serial_no] })),
    rowsOf("place", project_id, (row) => ({ label: row.name, detail: row.name_en ?? "", also: [] })),
    rowsOf("crew", project_id, (row) => ({ label: row.name, detail: row.trade, also: [row.name_en] })),
    rowsOf("organization", project_id, (row) => ({ label: row.name, detail: row.name_en ?? "", also: [] })),
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

async function rowsOf<K extends Found["kind"]>(kind: K, project_id: Uuid, parts: (row: Row<K>) => Parts): Promise<Entry[]> {
  const found = (await db.replica(kind).where("project_id").equals(project_id).toArray()) as Row<K>[];
  return found.map((row) => {
    const { label, detail, also } = parts(row);
    const text = [label, detail, ...also].filter(Boolean).join("\n").toLowerCase();
    return { kind, id: row.id, label, detail, text, low: label.toLowerCase() };
  });
}
