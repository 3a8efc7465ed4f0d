/**
 * The strict profile of acts: integers within ±2^53, no floats, depth ≤ 8, ≤ 16 KiB of UTF-8.
 *
 * The server refuses anything else after it was signed, which would be too late for the person on site;
 * so the same rules stand here and fail in the screen that broke them.
 */
import { utf8, type Bytes } from "./bytes";
import { NotRecordable } from "./errors";

export const MAX_PAYLOAD_BYTES = 16 * 1024;
const MAX_DEPTH = 8;

/** The exact bytes of a payload. Members that are undefined are left out. Throws NotRecordable. */
export function strictBytes(value: unknown): Bytes {
  check(value, "", 1);
  const bytes = utf8(JSON.stringify(value));
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    throw new NotRecordable(`The record has ${bytes.length} bytes; at most ${MAX_PAYLOAD_BYTES} are taken.`);
  }
  return bytes;
}

function check(value: unknown, path: string, depth: number): void {
  switch (typeof value) {
    case "string":
      // With the u flag a surrogate matches only when it stands alone.
      if (/[\0\ud800-\udfff]/u.test(value)) throw new NotRecordable(`${path}: a character that is no text`);
      return;
    case "number":
      if (!Number.isSafeInteger(value)) {
        throw new NotRecordable(`${path}: ${value} is no integer; measured numbers are decimal strings`);
      }
      return;
    case "boolean":
      return;
    case "object":
      if (value === null) return;
      break;
    default:
      throw new NotRecordable(`${path}: ${typeof value} cannot be recorded`);
  }
  if (depth > MAX_DEPTH) throw new NotRecordable(`${path}: deeper than ${MAX_DEPTH} levels`);
  for (const [key, member] of members(value, path)) check(member, `${path}/${key}`, depth + 1);
}

function members(value: object, path: string): [string, unknown][] {
  if (Array.isArray(value)) return value.map((member, at) => [String(at), member as unknown]);
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) throw new NotRecordable(`${path}: only plain objects and lists`);
  return Object.entries(value).filter(([key, member]) => {
    check(key, path, 1);
    return member !== undefined;
  });
}
