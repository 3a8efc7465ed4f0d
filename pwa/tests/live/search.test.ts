/**
 * Searching a large project as somebody types, on the phone's own copy. tests/bench/test_search.py asks for it and prints
 * what it took; beside it stands the barest scan of the same texts, on the same machine in the same run.
 */
import { asked, askedNumber, report } from "./phone";
import { expect, test } from "vitest";
import { db } from "../../src/capture/db";
import { search, uuid7 } from "../../src/capture";

const PROJECT = uuid7();
const rows = askedNumber("ROWS");
const NAMES = ["钢筋", "剪力墙", "框架柱", "楼板", "基础梁"];

function lot(n: number) {
  const id = uuid7();
  return {
    id, project_id: PROJECT, code: `B-${String(n).padStart(5, "0")}`, heat_no: `H${String(n * 7).padStart(6, "0")}`, batch_no: null,
    material: "rebar_hrb400e_cn", material_names: { zh: "热轧带肋钢筋", en: "Ribbed reinforcing bar" }, grade: "HRB400E", size: "Φ16",
    manufacturer: "宝山钢铁", vehicle: null, delivery_note: `DN-${n}`, qr: null, status: "received", received_at: "2026-11-01T00:00:00Z",
  };
}

function task(n: number) {
  const name = `${n % 40}层${NAMES[n % 5]}${n}`;
  return { id: uuid7(), project_id: PROJECT, code: `${n % 40}F-W${n}`, name, name_en: `Wall ${n}, ${n % 40}F`, parent_id: null, level: "element", qr: null };
}

/** Each what somebody types, letter by letter. */
const TYPED = ["B-04711", "H032977", "剪力墙", "12层框架柱", "宝山 B-19", "wall 777", "nothing like it"];
const prefixes = TYPED.flatMap((text) => Array.from(text, (_, at) => text.slice(0, at + 1)));

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const middle = (all: number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;

test.skipIf(!asked("ROWS"))("each letter of a search among many lots and tasks", { timeout: 600_000 }, async () => {
  const range = Array.from({ length: rows }, (_, n) => n);
  const [lots, tasks] = [range.map(lot), range.map(task)];
  await db.lots.bulkPut(lots as never[]);
  await db.tasks.bulkPut(tasks as never[]);
  const first = await timed(() => search(PROJECT, "B"));
  const each: number[] = [];
  for (const text of prefixes) each.push(await timed(() => search(PROJECT, text)));
  expect((await search(PROJECT, "b-04711"))[0]).toMatchObject({ kind: "lot", label: "B-04711" });
  expect((await search(PROJECT, "H032977"))[0]).toMatchObject({ kind: "lot", label: "B-04711" });
  expect((await search(PROJECT, "12层框架柱"))[0]).toMatchObject({ kind: "task" });
  expect(await search(PROJECT, "nothing like it")).toEqual([]);

  const texts = [...lots, ...tasks].map((row) => JSON.stringify(row).toLowerCase());
  const scans: number[] = [];
  for (const text of prefixes) scans.push(await timed(() => texts.filter((one) => one.includes(text.toLowerCase())).length));

  // A row that the feed brings while somebody searches.
  await db.meta.put({ project_id: PROJECT, cursor: 1 } as never);
  await db.lots.put({ ...lot(rows), code: "B-NEW" } as never);
  const fresh = await timed(() => search(PROJECT, "B"));
  expect((await search(PROJECT, "B-NEW"))[0]).toMatchObject({ label: "B-NEW" });
  await report({ first, middle: middle(each), worst: Math.max(...each), scan: middle(scans), fresh, keys: prefixes.length });
});
