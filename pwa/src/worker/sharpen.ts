/**
 * Make a picture grey and its edges steeper, in place (an unsharp mask over a box, by running sums). RGBA. Each pixel is
 * compared with those up to `reach` away: three are half a module of an enlarged code, eight a blurred small one.
 */
export function sharpened(rgba: Uint8ClampedArray, width: number, height: number, reach: number): void {
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) {
    grey[at] = (rgba[from]! * 77 + rgba[from + 1]! * 150 + rgba[from + 2]! * 29) >> 8;
  }
  const across = averaged(grey, { length: width, lines: height, step: 1, next: width }, reach);
  const soft = averaged(across, { length: height, lines: width, step: width, next: 1 }, reach);
  const strength = 1 + reach / 6;
  for (let at = 0, to = 0; at < grey.length; at++, to += 4) {
    const value = grey[at]! + strength * (grey[at]! - soft[at]!);
    rgba[to] = rgba[to + 1] = rgba[to + 2] = value;
  }
}

/** Lines of `length` values that lie `step` apart; the lines lie `next` apart. */
interface Lines {
  length: number;
  lines: number;
  step: number;
  next: number;
}

/** Each value's mean with its neighbours along the lines. */
function averaged(values: Uint8Array, { length, lines, step, next }: Lines, reach: number): Uint8Array {
  const means = new Uint8Array(values.length);
  const span = 2 * reach + 1;
  for (let line = 0; line < lines; line++) {
    const start = line * next;
    const end = start + (length - 1) * step;
    let sum = values[start]! * (reach + 1);
    for (let n = 1; n <= reach; n++) sum += values[Math.min(start + n * step, end)]!;
    for (let at = start; at <= end; at += step) {
      means[at] = sum / span;
      sum += values[Math.min(at + (reach + 1) * step, end)]! - values[Math.max(at - reach * step, start)]!;
    }
  }
  return means;
}
