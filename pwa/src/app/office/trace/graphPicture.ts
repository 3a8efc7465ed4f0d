/** The graph as a drawing of its own: on the page its boxes are buttons, which no picture holds. */
import { make, paper, type Picture } from "../pictures/picture";
import { SIGNS } from "../pictures/signs";
import { linesOf, pathOf, type Box, type Layout } from "./layout";
import type { Drawn, DrawnNode } from "./model";

type Paint = (name: string) => string;

/** Draws what is on the paper with the colours that the page has now. */
export function graphPicture(
  graph: Drawn,
  layout: Layout,
  title: (node: DrawnNode) => string,
  told: ReadonlySet<string>,
  page: Element,
): Picture {
  const style = getComputedStyle(page);
  const paint: Paint = (name) => style.getPropertyValue(`--${name}`).trim();
  const svg = make("svg", { "font-family": style.fontFamily });
  for (const edge of graph.edges) {
    const line = layout.lines.get(edge.id);
    if (!line) continue;
    const isTold = told.has(edge.source) && told.has(edge.target);
    const look = { fill: "none", stroke: paint(isTold ? "brand-text" : "edge"), "stroke-width": isTold ? 3 : 1.6 };
    svg.append(make("path", { d: pathOf(line), ...look, ...(edge.certain ? {} : { "stroke-dasharray": "6 5" }) }));
    svg.append(...tip(line.points, paint));
    if (line.label && edge.label) svg.append(label(edge.label, line.label, paint));
  }
  for (const node of graph.nodes) {
    const box = layout.boxes.get(node.id);
    if (box) svg.append(nodeOf(node, title(node), box, told.has(node.id), paint));
  }
  return paper(svg, 0, 0, layout.width, layout.height, paint("card"));
}

/** The head of the arrow, by itself: a marker would be lost by programs that read little of SVG. */
function tip(points: readonly { x: number; y: number }[], paint: Paint): SVGElement[] {
  const end = points.at(-1);
  const before = points.at(-2);
  if (!end || !before) return [];
  const turn = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return [make("path", { d: "M-8 -4L0 0L-8 4z", fill: paint("edge"), transform: `translate(${end.x} ${end.y}) rotate(${turn})` })];
}

function label(text: string, { x, y }: { x: number; y: number }, paint: Paint): SVGElement {
  const halo = { stroke: paint("card"), "stroke-width": 4, "paint-order": "stroke" };
  return make("text", { x, y, "text-anchor": "middle", "dominant-baseline": "central", "font-size": 12, fill: paint("ink-soft"), ...halo }, text);
}

const GROUND: Record<DrawnNode["kind"], [colour: string, corner: number]> = {
  lot: ["card", 8],
  test: ["card", 8],
  step: ["surface", 18],
  task: ["brand-soft", 2],
};

function nodeOf(node: DrawnNode, title: string, { x, y, width, height }: Box, isTold: boolean, paint: Paint): SVGElement {
  const group = make("g", {});
  const [ground, corner] = GROUND[node.kind];
  const isMarked = node.start || isTold;
  const frame = { x, y, width, height, rx: corner, fill: paint(ground), stroke: paint(isMarked ? "brand-text" : "edge") };
  if (node.members.length > 0) group.append(make("rect", { ...frame, x: x + 4, y: y + 4 }));
  group.append(make("rect", { ...frame, "stroke-width": isMarked ? 3 : 1.5, ...(node.certain ? {} : { "stroke-dasharray": "6 5" }) }));
  if (node.signal) group.append(sign(node.signal, x + 14, y + 12, 14, paint));
  let baseline = y + 24;
  for (const line of linesOf(title, 14.5)) {
    group.append(make("text", { x: x + 42, y: baseline, "font-size": 14, "font-weight": 600, fill: paint("ink") }, line));
    baseline += 20;
  }
  for (const line of node.note ? linesOf(node.note, 13) : []) {
    group.append(make("text", { x: x + 42, y: baseline - 1, "font-size": 12.5, fill: paint("ink-soft") }, line));
    baseline += 18;
  }
  let at = x + 42;
  for (const { signal, count } of node.tally) {
    group.append(sign(signal, at, baseline - 11, 11, paint));
    group.append(make("text", { x: at + 14, y: baseline - 1, "font-size": 12.5, fill: paint("ink") }, String(count)));
    at += 22 + String(count).length * 8;
  }
  return group;
}

function sign(signal: keyof typeof SIGNS, x: number, y: number, size: number, paint: Paint): SVGElement {
  return make("path", { d: SIGNS[signal], "fill-rule": "evenodd", fill: paint(signal), transform: `translate(${x} ${y}) scale(${size / 16})` });
}
