/**
 * Exact decimals for quantities and limits, as integers of 1e-12. Floats never take part.
 *
 * Quantities carry at most six decimals, so a product of two of them is still exact here.
 */

export type Exact = bigint;

const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);
const FORM = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Reads a decimal string, or a number literal of a definition; null when it is none or too fine to be exact. */
export function exact(value: string | number | null | undefined): Exact | null {
  const parts = FORM.exec(String(value ?? "").trim());
  if (!parts) return null;
  const [, sign, whole = "", part = "", power = "0"] = parts;
  const shift = PLACES - part.length + Number(power);
  let digits = BigInt(whole + part);
  if (shift >= 0) {
    digits *= 10n ** BigInt(shift);
  } else {
    const cut = 10n ** BigInt(-shift);
    if (digits % cut !== 0n) return null;
    digits /= cut;
  }
  return sign === "-" ? -digits : digits;
}

/** The shortest decimal string of a value: no trailing zeros, "-0" never. */
export function text(value: Exact): string {
  const size = value < 0n ? -value : value;
  const part = (size % ONE).toString().padStart(PLACES, "0").replace(/0+$/, "");
  const whole = (size / ONE).toString();
  return `${value < 0n ? "-" : ""}${whole}${part ? `.${part}` : ""}`;
}

/** Product, rounded toward zero beyond twelve decimals. */
export function times(one: Exact, other: Exact): Exact {
  return (one * other) / ONE;
}

/** `value + step` as decimal strings, for the − and + of number fields; an empty value counts as zero. */
export function stepped(value: string, step: string): string {
  return text((exact(value) ?? 0n) + (exact(step) ?? 0n));
}

/**
 * What a person typed into a number field, as a decimal string of the wire; "" when empty, null when it is no number.
 * Takes the decimal comma, full-width digits and the Chinese full stop of a phone's keyboard.
 */
export function typed(input: string): string | null {
  const plain = input
    .normalize("NFKC")
    .replace(/[\s_]/g, "")
    .replace("。", ".")
    .replace(/[−–]/g, "-")
    .replace(/^([+-]?\d+),(\d{1,2}|\d{4,6})$/, "$1.$2")
    .replace(/,(?=\d{3}(\D|$))/g, "");
  if (plain === "") return "";
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? plain.replace(/^([+-]?)\./, "$10.").replace(/\.$/, "") : null;
  const read = value === null ? null : exact(value);
  return read === null ? null : text(read);
}
