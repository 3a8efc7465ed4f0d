/** What has a position on the site, on a plane of metres, and how near things share one mark. Pure. */
import type { DefectRow, PlaceRow, StepRow, TaskRow } from "../../../capture";
import { signalOf, type Signal } from "../../../shared/kit/status";
import { hrefOf } from "../lib/links";
import { bounds, metres, pair, type Point } from "../lib/sketch";

export const LAYERS = ["place", "task", "defect", "fix"] as const;
export type Layer = (typeof LAYERS)[number];

export interface Thing {
  id: string;
  layer: Layer;
  title: string;
  note: string;
  signal: Signal | null;
  href: string;
  /** Degrees: latitude, longitude. */
  at: Point;
  /** Metres that the phone claims; 0 for what is known by its coordinates. */
  accuracy: number;
}

export interface SiteRows {
  places: readonly PlaceRow[];
  tasks: readonly TaskRow[];
  defects: readonly DefectRow[];
  steps: readonly StepRow[];
}

export interface SiteWords {
  place: (row: PlaceRow) => Pick<Thing, "title" | "note">;
  task: (row: TaskRow) => Pick<Thing, "title" | "note">;
  step: (row: StepRow) => Pick<Thing, "title" | "note">;
  taskSignal: (row: TaskRow) => Signal;
}

/** Everything of these rows that has a position. A defect stands at its own pin, else at its part of the work. */
export function things(rows: SiteRows, words: SiteWords): Thing[] {
  const tasks = new Map(rows.tasks.map((task) => [task.id, task]));
  return [
    ...rows.places.flatMap((place) => thing(place, place.lat, place.lon, "place", { ...words.place(place), signal: null, href: hrefOf("place", place.id) })),
    ...rows.tasks.flatMap((task) => thing(task, task.lat, task.lon, "task", { ...words.task(task), signal: words.taskSignal(task), href: hrefOf("task", task.id) })),
    ...rows.defects.flatMap((defect) => {
      const task = tasks.get(defect.task_id);
      const own = defect.lat !== null && defect.lon !== null;
      const said = { title: `${defect.code} ${defect.title}`, note: task ? words.task(task).title : "" };
      const more = { ...said, signal: signalOf("defect", defect.status), href: hrefOf("defect", defect.id) };
      return thing(defect, own ? defect.lat : task?.lat, own ? defect.lon : task?.lon, "defect", more);
    }),
    ...rows.steps.flatMap((step) =>
      step.where
        ? thing(step, step.where.lat, step.where.lon, "fix", { ...words.step(step), signal: signalOf("step", step.status), href: hrefOf("step", step.id) }, Number(step.where.accuracy_m))
        : [],
    ),
  ];
}

type More = Pick<Thing, "title" | "note" | "signal" | "href">;

function thing({ id }: { id: string }, lat: string | null | undefined, lon: string | null | undefined, layer: Layer, more: More, accuracy = 0): Thing[] {
  const at = lat && lon ? pair([lat, lon]) : null;
  return at ? [{ id, layer, at, accuracy: Number.isFinite(accuracy) ? Math.max(0, accuracy) : 0, ...more }] : [];
}

/** Metres east and south of the site's first corner. */
export interface Ground {
  site: Point[];
  /** Where each thing stands, by id. */
  spots: Map<string, Point>;
  box: { minX: number; maxX: number; minY: number; maxY: number };
}

/** Places site and things on the plane; null when nothing has a position. */
export function ground(site: readonly (readonly [string, string])[], all: readonly Thing[]): Ground | null {
  const corners = site.map(pair).filter((one) => one !== null);
  const origin = corners[0] ?? all[0]?.at;
  if (!origin) return null;
  const flat = (at: Point): Point => {
    const [east, north] = metres(origin, at);
    return [east, -north];
  };
  const spots = new Map(all.map((one) => [one.id, flat(one.at)]));
  const drawn = corners.map(flat);
  return { site: drawn, spots, box: bounds([...drawn, ...spots.values()]) };
}

export interface View {
  /** Metres at the middle of the paper. */
  x: number;
  y: number;
  pixelsPerMetre: number;
}

/** Shows all of it with a margin. */
export function whole({ box }: Ground, width: number, height: number): View {
  // A single point still needs some ground around it.
  const spanX = Math.max(box.maxX - box.minX, 20);
  const spanY = Math.max(box.maxY - box.minY, 20);
  const pixelsPerMetre = Math.min((width - 72) / spanX, (height - 96) / spanY);
  return { x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2, pixelsPerMetre };
}

export const onPaper = (view: View, [x, y]: Point, width: number, height: number): Point => [
  width / 2 + (x - view.x) * view.pixelsPerMetre,
  height / 2 + (y - view.y) * view.pixelsPerMetre,
];

export interface Mark {
  /** Of the first thing in it. */
  id: string;
  at: Point;
  things: Thing[];
}

/** Things nearer than `apart` pixels share one mark; the first of them gives it its place. */
export function marks(all: readonly Thing[], spot: (thing: Thing) => Point, apart: number): Mark[] {
  const found: Mark[] = [];
  for (const one of all) {
    const [x, y] = spot(one);
    const near = found.find((mark) => Math.hypot(mark.at[0] - x, mark.at[1] - y) < apart);
    if (near) near.things.push(one);
    else found.push({ id: one.id, at: [x, y], things: [one] });
  }
  return found;
}

export interface Written {
  id: string;
  text: string;
  x: number;
  y: number;
  anchor: "start" | "end" | "middle";
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const MARK = 14;
const LETTER = { wide: 12.5, narrow: 7 };
const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The names of places that fit beside their marks: right, left, below or above, on the paper and on nothing else. */
export function written(found: readonly Mark[], width: number): Written[] {
  const taken: Box[] = found.map(({ at: [x, y] }) => ({ left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK }));
  return found.flatMap(({ id, at: [x, y], things: [only, ...more] }) => {
    if (!only || more.length > 0 || only.layer !== "place") return [];
    const long = [...only.title].reduce((sum, letter) => sum + (letter > "\u2e80" ? LETTER.wide : LETTER.narrow), 0);
    const sides: Omit<Written, "id" | "text">[] = [
      { x: x + 17, y: y + 4, anchor: "start" },
      { x: x - 17, y: y + 4, anchor: "end" },
      { x, y: y + 27, anchor: "middle" },
      { x, y: y - 18, anchor: "middle" },
    ];
    for (const side of sides) {
      const left = side.x - { start: 0, end: long, middle: long / 2 }[side.anchor];
      const box = { left, right: left + long, top: side.y - 12, bottom: side.y + 4 };
      if (box.left < 0 || box.right > width || taken.some((one) => overlap(one, box))) continue;
      taken.push(box);
      return [{ id, text: only.title, ...side }];
    }
    return [];
  });
}
