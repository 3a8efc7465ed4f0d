/**
 * Codes of a roll of blank labels, made from its seed as the server makes them (marks/service.py): so a phone knows a
 * blank label of its project without a line, and a roll of two thousand travels as one small row.
 */
import { writeCode } from "../capture/uuid7";

const known = new Map<string, Promise<Map<string, number>>>();

/** The running number of a code on a roll; undefined when it is not of that roll. */
export async function numberOnRoll(seed: string, count: number, code: string): Promise<number | undefined> {
  const key = `${seed}:${count}`;
  let codes = known.get(key);
  if (!codes) known.set(key, (codes = codesOf(seed, count)));
  return (await codes).get(code);
}

async function codesOf(seed: string, count: number): Promise<Map<string, number>> {
  const bytes = Uint8Array.from(seed.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const text = new TextEncoder();
  const codes = await Promise.all(
    numbers.map(async (n) => writeCode(new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(`plumbline roll ${n}`)), 0, 16))),
  );
  return new Map(codes.map((code, n) => [code, n + 1]));
}
