/** Where the paper of a graph lies in its frame: dragged, zoomed by wheel, pinch, button and key. */
import { untrack } from "svelte";
import type { Box } from "./layout";

interface Point {
  x: number;
  y: number;
}

const LEGIBLE = 0.72;
const EDGE = 8;
const clamp = (zoom: number): number => Math.min(2.5, Math.max(0.08, zoom));

export class Paper {
  view = $state({ x: 0, y: 0, zoom: 1 });
  frame = $state<HTMLElement>();
  /** The last press became a drag: its end is no choice. */
  moved = false;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- Fingers and mouse that are down: nothing is drawn from them.
  #pointers = new Map<number, Point>();

  /** All of it in the frame, but never larger than life. */
  fit(size: { width: number; height: number }): void {
    if (!this.frame) return;
    const { clientWidth, clientHeight } = this.frame;
    const zoom = clamp(Math.min(clientWidth / size.width, clientHeight / size.height, 1));
    this.view = { zoom, x: (clientWidth - size.width * zoom) / 2, y: (clientHeight - size.height * zoom) / 2 };
  }

  /** Legible first: where all of it would be too small to read, the frame shows the part around a box. */
  begin(size: { width: number; height: number }, around: Box | undefined): void {
    this.fit(size);
    if (!this.frame || !around || this.view.zoom >= LEGIBLE) return;
    const along = (whole: number, room: number, middle: number): number =>
      whole * LEGIBLE <= room
        ? (room - whole * LEGIBLE) / 2
        : Math.min(0, Math.max(room - whole * LEGIBLE, room / 2 - middle * LEGIBLE));
    this.view = {
      zoom: LEGIBLE,
      x: along(size.width, this.frame.clientWidth, around.x + around.width / 2),
      y: along(size.height, this.frame.clientHeight, around.y + around.height / 2),
    };
  }

  /** What lay at `from` lies there again, though it is at `to` now. */
  keep(from: Point, to: Point): void {
    const { x, y, zoom } = this.view;
    this.view = { zoom, x: x + (from.x - to.x) * zoom, y: y + (from.y - to.y) * zoom };
  }

  /** Moves as little as brings a box into sight. */
  reveal(box: Box): void {
    if (!this.frame) return;
    const { x, y, zoom } = untrack(() => this.view);
    const into = (low: number, length: number, room: number): number =>
      low < EDGE ? EDGE - low : low + length > room - EDGE ? room - EDGE - low - length : 0;
    const dx = into(box.x * zoom + x, box.width * zoom, this.frame.clientWidth);
    const dy = into(box.y * zoom + y, box.height * zoom, this.frame.clientHeight);
    if (dx || dy) this.view = { zoom, x: x + dx, y: y + dy };
    // The browser's own scrolling into sight would shift the frame against its lines.
    this.frame.scrollTo(0, 0);
  }

  /** In or out about the middle of the frame. */
  zoom(factor: number): void {
    if (this.frame) this.#zoomAt(factor, this.frame.clientWidth / 2, this.frame.clientHeight / 2);
  }

  #zoomAt(factor: number, x: number, y: number): void {
    const zoom = clamp(this.view.zoom * factor);
    const by = zoom / this.view.zoom;
    this.view = { zoom, x: x - (x - this.view.x) * by, y: y - (y - this.view.y) * by };
  }

  wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const at = this.frame?.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) {
      this.#zoomAt(Math.exp(-event.deltaY / 300), event.clientX - (at?.left ?? 0), event.clientY - (at?.top ?? 0));
    } else this.view = { ...this.view, x: this.view.x - event.deltaX, y: this.view.y - event.deltaY };
  };

  down = (event: PointerEvent): void => {
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.moved = false;
  };

  move = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    if (Math.hypot(now.x - before.x, now.y - before.y) <= 3 && !this.moved) return;
    if (!this.moved && event.pointerType === "mouse") this.frame?.setPointerCapture(event.pointerId);
    this.moved = true;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other && this.frame) {
      const at = this.frame.getBoundingClientRect();
      const apart = (a: Point): number => Math.hypot(a.x - other.x, a.y - other.y) || 1;
      this.#zoomAt(apart(now) / apart(before), (now.x + other.x) / 2 - at.left, (now.y + other.y) / 2 - at.top);
    } else this.view = { ...this.view, x: this.view.x + now.x - before.x, y: this.view.y + now.y - before.y };
    this.#pointers.set(event.pointerId, now);
  };

  up = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
  };
}
