import { expect, test } from "vitest";
import { fromBase64, sha256Hex, utf8 } from "../../src/capture/bytes";
import { makeKey, pae, sign } from "../../src/capture/keys";

test("the encoding is the one of the DSSE specification", () => {
  const encoded = pae(utf8("hello world"), "http://example.com/HelloWorld");
  expect(new TextDecoder().decode(encoded)).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});

test("lengths count bytes and not characters", () => {
  const encoded = new TextDecoder().decode(pae(utf8('{"note":"八层三区"}')));
  expect(encoded).toBe('DSSEv1 34 application/vnd.plumbline.act+json 23 {"note":"八层三区"}');
});

test("a signature is 64 bytes that the public half verifies", async () => {
  const key = await makeKey();
  const encoded = pae(utf8('{"note":"钢筋复试未完成"}'));
  const signature = fromBase64(await sign(key.private_key, encoded));
  expect(signature).toHaveLength(64);
  const point = fromBase64(key.public_key);
  expect(point).toHaveLength(65);
  const half = await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, half, signature, encoded)).toBe(true);
});

test("the private half cannot be read", async () => {
  const { private_key } = await makeKey();
  await expect(crypto.subtle.exportKey("pkcs8", private_key)).rejects.toThrow();
});

test("SHA-256 is written as 64 lower-case hexadecimal digits", async () => {
  expect(await sha256Hex(utf8("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
