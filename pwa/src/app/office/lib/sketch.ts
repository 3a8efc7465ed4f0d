/** Site, task and fix on a small plane of metres, for the approver's sketch. No map, no projection library. */

export type Point = readonly [number, number];

export interface Sketch {
  width: number;
  height: number;
  /** Corners of the site in pixels. */
  site: Point[];
  task: Point | null;
  fix: Point | null;
  /** Radius of the claimed accuracy, pixels. */
  accuracy: number;
  /** A round length and how many pixels it takes. */
  scale: { metres: number; pixels: number };
  /** Between task and fix, metres; null when one of them is unknown. */
  distance: number | null;
}

export interface SketchInput {
  /** [lat, lon] in degrees, as decimal strings. */
  site: readonly (readonly [string, string])[];
  task: readonly [string, string] | null;
  fix: { lat: string; lon: string; accuracy_m: string } | null;
}

const EARTH_M = 6_371_008.8;
const PAD = 28;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Draws north up into `width` × `height` pixels; null when nothing at all has a place. */
export function sketch(input: SketchInput, width = 360, height = 260): Sketch | null {
  const task = input.task && pair(input.task);
  const fix = input.fix && pair([input.fix.lat, input.fix.lon]);
  const site = input.site.map(pair).filter((one) => one !== null);
  const all = [...site, ...(task ? [task] : []), ...(fix ? [fix] : [])];
  const origin = all[0];
  if (!origin) return null;
  const radius = Math.max(0, Number(input.fix?.accuracy_m ?? 0) || 0);
  const flat = (point: Point): Point => metres(origin, point);
  const box = bounds([...all.map(flat), ...(fix ? around(flat(fix), radius) : [])]);
  // A single point still needs some ground around it.
  const spanX = Math.max(box.maxX - box.minX, 20);
  const spanY = Math.max(box.maxY - box.minY, 20);
  const perMetre = Math.min((width - 2 * PAD) / spanX, (height - 2 * PAD) / spanY);
  const midX = (box.minX + box.maxX) / 2;
  const midY = (box.minY + box.maxY) / 2;
  const onPaper = (point: Point): Point => {
    const [x, y] = flat(point);
    return [width / 2 + (x - midX) * perMetre, height / 2 - (y - midY) * perMetre];
  };
  const round = roundLength((width / 4) / perMetre);
  return {
    width,
    height,
    site: site.map(onPaper),
    task: task && onPaper(task),
    fix: fix && onPaper(fix),
    accuracy: radius * perMetre,
    scale: { metres: round, pixels: round * perMetre },
    distance: task && fix ? distance(task, fix) : null,
  };
}

export function pair([lat, lon]: readonly [string, string]): Point | null {
  const point: Point = [Number(lat), Number(lon)];
  return Number.isFinite(point[0]) && Number.isFinite(point[1]) && lat !== "" ? point : null;
}

/** East and north of an origin, in metres; good to a few millimetres over a site. */
export function metres(origin: Point, point: Point): Point {
  const east = radians(point[1] - origin[1]) * Math.cos(radians(origin[0])) * EARTH_M;
  return [east, radians(point[0] - origin[0]) * EARTH_M];
}

/** Metres between two places on the ground (haversine). */
export function distance(a: Point, b: Point): number {
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const h = half(a[0], b[0]) + Math.cos(radians(a[0])) * Math.cos(radians(b[0])) * half(a[1], b[1]);
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

function around([x, y]: Point, radius: number): Point[] {
  return [
    [x - radius, y - radius],
    [x + radius, y + radius],
  ];
}

export function bounds(points: readonly Point[]): { minX: number; maxX: number; minY: number; maxY: number } {
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  return { minX: Math.min(...xs), maxX: Math.max(...xs), minY: Math.min(...ys), maxY: Math.max(...ys) };
}

/** The largest of 1, 2, 5 × 10ⁿ that is not longer. */
export function roundLength(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return ([5, 2, 1].find((step) => step * power <= length) ?? 1) * power;
}
