/**
 * The device's key: P-256, made in the browser, its private half never readable, and DSSE signing.
 *
 * Encoding: DSSE v1 (secure-systems-lab/dsse, protocol.md): `"DSSEv1" SP len(type) SP type SP len(body) SP body`,
 * lengths count bytes. Signature: ECDSA with SHA-256 over it, raw r‖s, 64 bytes.
 */
import { toBase64, utf8, type Bytes } from "./bytes";

export const PAYLOAD_TYPE = "application/vnd.plumbline.act+json";

/** The bytes that are signed, and whose SHA-256 the next act names as `prev`. */
export function pae(body: Uint8Array, type: string = PAYLOAD_TYPE): Bytes {
  const kind = utf8(type);
  const head = utf8(`DSSEv1 ${kind.length} ${type} ${body.length} `);
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

/** A new key pair; the private key cannot be exported, but IndexedDB can keep it. */
export async function makeKey(): Promise<{ private_key: CryptoKey; public_key: string }> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { private_key: pair.privateKey, public_key: toBase64(point) };
}

/** Base64 of r‖s over `encoded` (a PAE). */
export async function sign(key: CryptoKey, encoded: Bytes): Promise<string> {
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, encoded);
  return toBase64(new Uint8Array(signature));
}
