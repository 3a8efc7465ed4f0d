/**
 * Electronic Product Codes as GS1 element strings: what an RFID reader types, as on the bar code beside it.
 *
 * GS1 EPC Tag Data Standard 1.13, 6.3 and 14.5: pure identity URIs and the 96-bit encodings of SGTIN and SSCC. Twin of
 * the server's marks/epc.py.
 */

export type Elements = Record<string, string>;

/** Partition value → digits of the company prefix, its bits (table 14-2). */
const PARTITIONS: [digits: number, bits: bigint][] = [
  [12, 40n],
  [11, 37n],
  [10, 34n],
  [9, 30n],
  [8, 27n],
  [7, 24n],
  [6, 20n],
];
const SGTIN_96 = 0x30n;
const SSCC_96 = 0x31n;
const URI = /^urn:epc:id:(sgtin|sscc):(\d{6,12})\.(\d{1,11})(?:\.(.{1,20}))?$/i;

/** The check digit that follows these digits (GS1 General Specifications 7.9.1). */
export function checkDigit(digits: string): string {
  const total = [...digits].reverse().reduce((sum, digit, n) => sum + Number(digit) * (n % 2 === 0 ? 3 : 1), 0);
  return String((10 - (total % 10)) % 10);
}

/** GS1 application identifiers and values of a tag's number, hexadecimal or as URI; null for other schemes. */
export function elementsOfEpc(text: string): Elements | null {
  const found = URI.exec(text);
  if (found) return elements(found[1]!.toLowerCase(), found[2]!, found[3]!, found[4]);
  return /^[0-9A-F]{24}$/.test(text) ? ofBits(BigInt(`0x${text}`)) : null;
}

const low = (bits: bigint, count: bigint): bigint => bits & ((1n << count) - 1n);

function ofBits(bits: bigint): Elements | null {
  const header = bits >> 88n;
  const partition = PARTITIONS[Number(low(bits >> 82n, 3n))];
  if ((header !== SGTIN_96 && header !== SSCC_96) || !partition) return null;
  const [digits, prefixBits] = partition;
  const [totalBits, totalDigits] = header === SGTIN_96 ? [44n, 13] : [58n, 17];
  const both = low(bits >> (82n - totalBits), totalBits);
  const prefix = String(both >> (totalBits - prefixBits)).padStart(digits, "0");
  const reference = String(low(both, totalBits - prefixBits)).padStart(totalDigits - digits, "0");
  if (header === SGTIN_96) return elements("sgtin", prefix, reference, String(low(bits, 38n)));
  return elements("sscc", prefix, reference);
}

/** The first digit of the reference is the indicator or extension digit, which stands before the prefix. */
function elements(scheme: string, prefix: string, reference: string, serial?: string): Elements | null {
  const body = reference.slice(0, 1) + prefix + reference.slice(1);
  const whole = body + checkDigit(body);
  if (scheme === "sgtin") return body.length === 13 && serial ? { "01": whole, "21": serial } : null;
  return body.length === 17 && !serial ? { "00": whole } : null;
}
