/** What a mark tells of a delivery, put into the receipt's fields: nobody types a heat number twice. Pure. */
import type { MarkKind, Reading } from "../../marks/reading";
import type { Receipt } from "../crew/receipt";

/** The fields that a mark fills in; what it does not tell stays empty. */
export function receiptFrom(reading: Reading, read: MarkKind): Partial<Receipt> {
  const { elements } = reading;
  if (Object.keys(elements).length === 0) return isNumber(reading.value, read) ? { heat_no: reading.value } : {};
  const weight = Object.entries(elements).find(([ai]) => /^310[0-5]$/.test(ai));
  return {
    ...(elements["10"] ? { batch_no: elements["10"] } : {}),
    ...(elements["11"] && day(elements["11"]) ? { produced_on: day(elements["11"]) ?? "" } : {}),
    ...(weight ? { quantity: shifted(weight[1], Number(weight[0].slice(3))), unit: "kg" } : {}),
  };
}

/** A bar code with a short text holds a heat number; a tag, an address or a sentence does not. */
function isNumber(value: string, read: MarkKind): boolean {
  return read !== "nfc" && read !== "rfid" && /^[A-Z0-9][A-Z0-9./ -]{1,39}$/.test(value) && /\d/.test(value);
}

/** YYMMDD of GS1 as a day of this century; null where the day is left open (00). */
function day(text: string): string | null {
  const [year, month, date] = [text.slice(0, 2), text.slice(2, 4), text.slice(4, 6)];
  const said = `20${year}-${month}-${date}`;
  return date !== "00" && !Number.isNaN(Date.parse(said)) ? said : null;
}

/** Digits with the point `places` from their end, without zeros that say nothing: ("001250", 3) is "1.25". */
function shifted(digits: string, places: number): string {
  const padded = digits.padStart(places + 1, "0");
  const whole = padded.slice(0, padded.length - places).replace(/^0+(?=\d)/, "");
  const rest = padded.slice(padded.length - places).replace(/0+$/, "");
  return places > 0 && rest ? `${whole}.${rest}` : whole;
}
