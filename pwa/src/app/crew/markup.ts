/** Marks on a copy of a photo. Places are shares of the picture's width and height, so one list draws at every size. */
export interface Point {
  x: number;
  y: number;
}

export type Mark =
  | { kind: "arrow" | "circle"; from: Point; to: Point }
  | { kind: "pen"; points: Point[] }
  | { kind: "text"; at: Point; text: string };
export type Tool = Mark["kind"];

/** What drawing needs of a canvas. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  "beginPath" | "moveTo" | "lineTo" | "ellipse" | "stroke" | "strokeText" | "fillText" | "lineWidth" | "lineCap" | "lineJoin" | "strokeStyle" | "fillStyle" | "font" | "textBaseline"
>;

/** Red is seen on concrete and steel, and the white edge on red things. */
const RED = "#e11900";
const WHITE = "#ffffff";

export function draw(pen: Pen, marks: readonly Mark[], width: number, height: number): void {
  const line = Math.max(3, Math.max(width, height) / 200);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const mark of marks) {
    if (mark.kind === "text") write(pen, mark, width, height, line);
    else {
      for (const [color, thick] of [[WHITE, line * 2], [RED, line]] as const) {
        pen.strokeStyle = color;
        pen.lineWidth = thick;
        trace(pen, mark, width, height, line);
      }
    }
  }
}

function trace(pen: Pen, mark: Exclude<Mark, { kind: "text" }>, width: number, height: number, line: number): void {
  pen.beginPath();
  if (mark.kind === "pen") {
    for (const [at, { x, y }] of mark.points.entries()) pen[at === 0 ? "moveTo" : "lineTo"](x * width, y * height);
  } else {
    const from = { x: mark.from.x * width, y: mark.from.y * height };
    const to = { x: mark.to.x * width, y: mark.to.y * height };
    if (mark.kind === "circle") {
      const [middle, half] = [{ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, { x: Math.abs(to.x - from.x) / 2, y: Math.abs(to.y - from.y) / 2 }];
      pen.ellipse(middle.x, middle.y, half.x, half.y, 0, 0, 2 * Math.PI);
    } else arrow(pen, from, to, line);
  }
  pen.stroke();
}

function arrow(pen: Pen, from: Point, to: Point, line: number): void {
  const turn = Math.atan2(to.y - from.y, to.x - from.x);
  const head = Math.min(line * 6, Math.hypot(to.x - from.x, to.y - from.y) / 2);
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x, to.y);
  for (const side of [-0.5, 0.5]) {
    pen.moveTo(to.x, to.y);
    pen.lineTo(to.x - head * Math.cos(turn + side), to.y - head * Math.sin(turn + side));
  }
}

function write(pen: Pen, { at, text }: Extract<Mark, { kind: "text" }>, width: number, height: number, line: number): void {
  pen.font = `bold ${Math.round(line * 8)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  pen.lineWidth = line * 1.5;
  pen.strokeStyle = WHITE;
  pen.fillStyle = RED;
  pen.strokeText(text, at.x * width, at.y * height);
  pen.fillText(text, at.x * width, at.y * height);
}

/** A tap without a stroke draws nothing. */
export function isSeen(mark: Mark): boolean {
  if (mark.kind === "text") return mark.text.trim() !== "";
  if (mark.kind === "pen") return mark.points.length > 1;
  return Math.hypot(mark.to.x - mark.from.x, mark.to.y - mark.from.y) > 0.01;
}
