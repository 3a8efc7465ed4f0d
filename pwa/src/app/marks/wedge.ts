/**
 * A reader that types like a keyboard: a fast burst of keys that ends in Enter or Tab. Pure, fed by key presses.
 *
 * Readers send the separator of GS1 as Ctrl+] or F8, since a field takes no control signs; here it becomes one again.
 */

/** Nobody types so fast; slow Bluetooth readers pause up to this long. */
const LONGEST_PAUSE_MS = 120;
/** On the average of a burst. */
const SLOWEST_KEY_MS = 50;
const SHORTEST = 4;
const GS = "\u001d";

export interface Press {
  key: string;
  ctrlKey: boolean;
  /** Milliseconds, of any clock that does not jump. */
  timeStamp: number;
}

export class Wedge {
  private text = "";
  private began = 0;
  private last = 0;

  /** Whether keys are coming in too fast for hands. */
  get isBurst(): boolean {
    return this.text.length >= 2 && this.last - this.began <= SLOWEST_KEY_MS * this.text.length;
  }

  /** The text of a burst that has just ended; null for anything else. */
  press({ key, ctrlKey, timeStamp }: Press): string | null {
    if (timeStamp - this.last > LONGEST_PAUSE_MS) this.text = "";
    if (key === "Enter" || key === "Tab") {
      const { text, isBurst } = this;
      this.text = "";
      return isBurst && text.length >= SHORTEST ? text : null;
    }
    const sign = (ctrlKey && key === "]") || key === "F8" ? GS : key.length === 1 && !ctrlKey ? key : "";
    if (!sign) return null;
    if (!this.text) this.began = timeStamp;
    this.text += sign;
    this.last = timeStamp;
    return null;
  }
}
