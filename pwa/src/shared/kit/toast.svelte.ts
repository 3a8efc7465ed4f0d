/** Short words about what just happened. Never for what needs an answer: that stays on the page. */
import type { Signal } from "./status";

export interface Toast {
  id: number;
  text: string;
  signal: Signal;
}

const SHOWN_MS = 5_000;

let toasts = $state<Toast[]>([]);
let last = 0;

/** The toasts now on show, oldest first. */
export function shownToasts(): readonly Toast[] {
  return toasts;
}

/** Shows a sentence for five seconds; screen readers are told. */
export function toast(text: string, signal: Signal = "released"): void {
  const id = ++last;
  toasts = [...toasts.slice(-2), { id, text, signal }];
  setTimeout(() => closeToast(id), SHOWN_MS);
}

export function closeToast(id: number): void {
  toasts = toasts.filter((one) => one.id !== id);
}
