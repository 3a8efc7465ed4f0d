/**
 * SHA-256 (FIPS 180-4) over bytes that come in pieces. WebCrypto hashes only what lies in memory as a whole, which a
 * video does not; everything else here is hashed by WebCrypto, and the tests hold the two against each other.
 */
const K = new Int32Array(64);
const START = new Int32Array(8);
// The constants are the fractions of the roots of the first primes, as the standard defines them.
for (let candidate = 2, found = 0; found < 64; candidate += 1) {
  let is_prime = true;
  for (let by = 2; by * by <= candidate; by += 1) if (candidate % by === 0) is_prime = false;
  if (!is_prime) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(candidate));
  K[found] = fraction(Math.cbrt(candidate));
  found += 1;
}

function fraction(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}

const BLOCK = 64;

export class Sha256 {
  /** Bytes taken so far. */
  bytes = 0;
  private readonly state = START.slice();
  private readonly words = new Int32Array(64);
  private readonly block = new Uint8Array(BLOCK);
  private readonly view = new DataView(this.block.buffer);

  update(data: Uint8Array): this {
    for (let at = 0; at < data.length; ) {
      const filled = this.bytes % BLOCK;
      const taken = Math.min(BLOCK - filled, data.length - at);
      this.block.set(data.subarray(at, at + taken), filled);
      this.bytes += taken;
      at += taken;
      if (filled + taken === BLOCK) this.mix();
    }
    return this;
  }

  /** 64 lower-case hexadecimal digits. Nothing may be added afterwards. */
  hex(): string {
    const { bytes } = this;
    const padding = new Uint8Array(1 + ((119 - (bytes % BLOCK)) % BLOCK) + 8);
    padding[0] = 0x80;
    const length = new DataView(padding.buffer, padding.length - 8);
    length.setUint32(0, Math.floor(bytes / 2 ** 29));
    length.setUint32(4, (bytes * 8) >>> 0);
    this.update(padding);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /** One block into the state: section 6.2.2 of the standard. */
  private mix(): void {
    const { words: w, view, state } = this;
    for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(t * 4);
    for (let t = 16; t < 64; t += 1) {
      const [early, late] = [w[t - 15]!, w[t - 2]!];
      const s0 = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
      const s1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
      w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] = (state[at]! + word) | 0;
  }
}
