/** UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then chance. Sorts by time of making. */
export function uuid7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = now;
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/** A code for a QR label: 128 random bits as 26 characters of Crockford base32, lower case. */
export function newCode(): string {
  return writeCode(crypto.getRandomValues(new Uint8Array(16)));
}

/** 16 bytes as a code. */
export function writeCode(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let code = "";
  for (let at = 0; at < 26; at += 1) {
    code = CROCKFORD.charAt(Number(bits & 31n)) + code;
    bits >>= 5n;
  }
  return code;
}
