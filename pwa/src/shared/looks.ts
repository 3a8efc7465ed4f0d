/**
 * Ways to look at a picture for a code. One that is blurred, small or half covered is read at one size and not at
 * another, so that a scanner tries them in turn; measured by `tests/bench/test_scanner.py`.
 */

export interface Look {
  /** Only the middle, where the screen shows its frame: a square of eight ninths of the shorter side. */
  middle: boolean;
  /** Pixels that the longer side is brought to; never more than twice what the picture has. */
  px: number;
  /** How many pixels around each one its edges are made steeper by: for a picture out of focus; 0 leaves it. */
  sharpen: number;
  /** When there is no QR code, ask for other makers' symbols and for light ones on dark, too: each costs time. */
  others: boolean;
}

/** Quick, and enough for a label at arm's length. */
const WHOLE: Look = { middle: false, px: 1024, sharpen: 0, others: false };
const WHOLE_OTHERS: Look = { ...WHOLE, others: true };
/** Enlarged, for then the reader's own blocks of eight pixels are finer than what blurs or covers a code. */
const CLOSE: Look = { middle: true, px: 1440, sharpen: 0, others: false };
const CLOSE_SHARP: Look = { ...CLOSE, sharpen: 3 };
const CLOSE_SHARPER: Look = { ...CLOSE, sharpen: 8 };
const LESS_CLOSE_SHARP: Look = { ...CLOSE, px: 1200, sharpen: 3 };
/** A label in a corner. */
const FULL: Look = { middle: false, px: 1920, sharpen: 0, others: false };

/** For a camera: one look at each frame, in this order, round and round. */
export const LIVE_LOOKS: readonly Look[] = [
  WHOLE,
  CLOSE,
  WHOLE_OTHERS,
  CLOSE_SHARP,
  CLOSE_SHARPER,
  LESS_CLOSE_SHARP,
  FULL,
];
/** For a picture: all of them until one reads something; in full for a label that is only a corner of it. */
export const STILL_LOOKS: readonly Look[] = [
  WHOLE_OTHERS,
  FULL,
  CLOSE,
  { ...FULL, px: 4096, others: true },
  CLOSE_SHARP,
  { ...FULL, sharpen: 3 },
];

export interface Framed {
  x: number;
  y: number;
  w: number;
  h: number;
  to: [number, number];
}

/** The part of a picture that a look takes, in its own pixels, and the size that it is drawn to. */
export function framed(look: Look, width: number, height: number): Framed {
  const side = Math.round((Math.min(width, height) * 8) / 9);
  const [w, h] = look.middle ? [side, side] : [width, height];
  const most = look.middle ? 2 : 1;
  const scale = Math.min(most, look.px / Math.max(w, h));
  const to: [number, number] = [Math.round(w * scale), Math.round(h * scale)];
  return { x: Math.round((width - w) / 2), y: Math.round((height - h) / 2), w, h, to };
}
