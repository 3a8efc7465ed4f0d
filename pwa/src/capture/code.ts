/**
 * What a scanned or typed text means. Looks at the text only; nothing here opens an address.
 *
 * A label may have been printed under an older address of the same house, so the host does not decide:
 * a code is 128 random bits and is looked up on this phone or at our own server, wherever it was printed.
 */

export type Scanned =
  /** A label of ours: 26 characters of Crockford base32, lower case. */
  | { kind: "code"; code: string }
  /** An invitation to a project. */
  | { kind: "invite"; code: string }
  /** Anything else, for example a maker's own mark; `code` is the text as it was read, `read` by what. */
  | { kind: "foreign"; code: string; read: ReadBy };

/** What read a text: the sort of bar code a camera saw (`gs1` with the GS1 sign in it), a tag's reader, or hands. */
export type ReadBy = "code128" | "datamatrix" | "qr" | "barcode" | "gs1" | "rfid" | "nfc" | "typed";

const CODE = /^[0-9a-hjkmnp-tv-z]{26}$/;
const INVITE = /^[0-9A-Za-z_-]{6,128}$/;

/** Sort a scanned or typed text. A typed code may hold spaces, hyphens, capitals, and O, I, L for 0, 1, 1. */
export function parseScan(text: string, read: ReadBy = "typed"): Scanned {
  const trimmed = text.trim();
  // A tag's number is a tag's number, even where it could be spelled as a code.
  if (read === "nfc" || read === "rfid") return { kind: "foreign", code: trimmed, read };
  const url = asUrl(trimmed);
  if (url) return fromUrl(url) ?? { kind: "foreign", code: trimmed, read };
  const code = readCode(trimmed);
  return code ? { kind: "code", code } : { kind: "foreign", code: trimmed, read };
}

function asUrl(text: string): URL | null {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return null;
  return URL.canParse(text) ? new URL(text) : null;
}

function fromUrl(url: URL): Scanned | null {
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  // An address with a name and password in it imitates another one; ours never have that.
  if (url.username || url.password || url.search || url.hash) return null;
  const [, door, code, ...rest] = url.pathname.split("/");
  if (code === undefined || rest.length > 0) return null;
  if (door === "q" && CODE.test(code.toLowerCase())) return { kind: "code", code: code.toLowerCase() };
  if (door === "join" && INVITE.test(code)) return { kind: "invite", code };
  return null;
}

function readCode(typed: string): string | null {
  const code = typed.toLowerCase().replace(/[\s-]/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  return CODE.test(code) ? code : null;
}
