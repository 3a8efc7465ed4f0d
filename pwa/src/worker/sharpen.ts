/** Pixels each way that a pixel is compared with: about half a module of an enlarged code. */
const REACH = 3;
/** How much of the difference is added. */
const STRENGTH = 1.5;

/** Make a picture grey and its edges steeper, in place (an unsharp mask over a box, by running sums). RGBA. */
export function sharpened(rgba: Uint8ClampedArray, width: number, height: number): void {
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) {
    grey[at] = (rgba[from]! * 77 + rgba[from + 1]! * 150 + rgba[from + 2]! * 29) >> 8;
  }
  const across = averaged(grey, width, height, 1, width);
  const soft = averaged(across, height, width, width, 1);
  for (let at = 0, to = 0; at < grey.length; at++, to += 4) {
    const value = grey[at]! + STRENGTH * (grey[at]! - soft[at]!);
    rgba[to] = rgba[to + 1] = rgba[to + 2] = value;
  }
}

/** Each value's mean with its neighbours along lines of `length` values that lie `step` apart; lines lie `next` apart. */
function averaged(values: Uint8Array, length: number, lines: number, step: number, next: number): Uint8Array {
  const means = new Uint8Array(values.length);
  const span = 2 * REACH + 1;
  for (let line = 0; line < lines; line++) {
    const start = line * next;
    const end = start + (length - 1) * step;
    let sum = values[start]! * (REACH + 1);
    for (let n = 1; n <= REACH; n++) sum += values[Math.min(start + n * step, end)]!;
    for (let at = start; at <= end; at += step) {
      means[at] = sum / span;
      sum += values[Math.min(at + (REACH + 1) * step, end)]! - values[Math.max(at - REACH * step, start)]!;
    }
  }
  return means;
}
