/**
 * What was read off a thing, in its normal form: by that it is found again, whoever reads it with whatever reader.
 *
 * Pure. Twin of the server's marks/reading.py; tests/unit/vectors/marks.json holds both to the same answers. Loaded
 * with the scan page alone.
 */
import { parseBarcode } from "gs1-barcode-parser-mod";
import { checkDigit, elementsOfEpc, type Elements } from "./epc";

/** How it was read. `code128`, `datamatrix`, `qr`, `barcode`: by a camera that saw no GS1 sign in it; `gs1`: with one. */
export type MarkKind = "code128" | "datamatrix" | "qr" | "barcode" | "gs1" | "digital_link" | "rfid" | "nfc" | "typed";

export interface Reading {
  /** The normal form. */
  value: string;
  /** It stands on one thing only: a serial number or a tag. */
  is_single: boolean;
  /** GS1 application identifiers with their values; empty for plain text. */
  elements: Elements;
}

const GS = "\u001d";
const LONGEST = 200;
/** What makes a thing recognisable, most telling first (GS1 General Specifications, section 4.13): key, qualifiers. */
const IDENTITIES = [
  ["00"],
  ["01", "22", "10", "21"],
  ["8006", "22", "10", "21"],
  ["8003"],
  ["8004"],
  ["8010", "8011"],
  ["8013"],
  ["253"],
  ["401"],
  ["402"],
  ["414", "254"],
];
const ONE_THING = new Set(["00", "21", "8003", "8004", "8011"]);
/** Readers that cannot type the separator are set to write it in one of these ways. */
const SEPARATORS = /<GS>|\{GS\}|\\x1d|\\u001d|\u241d|\^\]/gi;
const AIM = /^\](?:(C1|d2|Q3|e0|J1)|[A-Za-z][0-9])/;
const DASHES = /[\u2010-\u2015\u2212]/g;
// eslint-disable-next-line no-control-regex -- Control signs are what is looked for: they become spaces.
const CONTROL = /[\x00-\x1f\x7f]/g;
// eslint-disable-next-line no-control-regex -- GS1 readers put a group separator before and behind.
const EDGES = /^[\x1d \r\n\t]+|[\x1d \r\n\t]+$/g;

/** The normal form of what was read; null when nothing readable is left or a tag's number is none. */
export function readMark(kind: MarkKind, text: string): Reading | null {
  if (kind === "nfc") return tag(text, /^(?:[0-9A-F]{2}){4,10}$/);
  if (kind === "rfid") return rfid(text);
  const trimmed = text.trim();
  const aim = AIM.exec(trimmed);
  const body = trimmed.slice(aim?.[0].length ?? 0).replace(SEPARATORS, GS).replace(EDGES, "");
  const elements = elementsOf(aim?.[1] ? "gs1" : kind, body);
  if (elements) return identified(elements);
  const product = kind === "typed" ? (elementsOfEpc(hexadecimal(body)) ?? elementsOfEpc(body)) : null;
  return product ? identified(product) : plainText(body);
}

function plainText(body: string): Reading | null {
  const plain = body.normalize("NFKC").replace(CONTROL, " ").replace(DASHES, "-").split(/\s+/).filter(Boolean).join(" ");
  if (plain === "" || plain.length > LONGEST) return null;
  const isAddress = plain.includes("://") || plain.toLowerCase().startsWith("urn:");
  return { value: isAddress ? plain : plain.toUpperCase(), is_single: false, elements: {} };
}

/** GS1 elements, where the text says or its reader saw that it holds some; null otherwise. */
function elementsOf(kind: MarkKind, text: string): Elements | null {
  const elements = parsed(kind, text);
  if (!elements) return null;
  if (elements["01"] !== undefined) elements["01"] = elements["01"].padStart(14, "0");
  return checks(elements) ? elements : null;
}

function parsed(kind: MarkKind, text: string): Elements | null {
  if (/^https?:\/\//i.test(text)) return ofDigitalLink(text);
  const isElementString = kind === "gs1" || (kind === "typed" && /^0[01]\d{14}/.test(text));
  if (!isElementString && !/^\(\d{2,4}\)/.test(text)) return null;
  try {
    return Object.fromEntries(parseBarcode(text).parsedCodeItems.map((one) => [one.ai, one.raw]));
  } catch {
    return null;
  }
}

/** A number with a wrong check digit is no GTIN or SSCC but something that looks like one. */
function checks(elements: Elements): boolean {
  const values = Object.values(elements);
  if (values.length === 0 || !values.every((value) => /^[\x20-\x7e]{1,90}$/.test(value))) return false;
  return [["01", 14] as const, ["00", 18] as const].every(([ai, length]) => {
    const value = elements[ai];
    if (value === undefined) return true;
    return new RegExp(`^\\d{${length}}$`).test(value) && value.endsWith(checkDigit(value.slice(0, -1)));
  });
}

/** Keys that a Digital Link's path may begin with (GS1 Digital Link: URI Syntax 1.4, 4.3). */
const LINK_KEYS = new Set("01 8006 8013 8010 410 411 412 413 414 415 416 417 8017 8018 255 00 253 401 402 8003 8004".split(" "));

/** Elements of an uncompressed GS1 Digital Link: pairs in the path from its key on, and numeric names of the query. */
function ofDigitalLink(text: string): Elements | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const path = url.pathname.split("/").slice(1);
  if (path.at(-1) === "") path.pop();
  const start = path.findIndex((part, n) => LINK_KEYS.has(part) && (path.length - n) % 2 === 0);
  if (start < 0) return null;
  const elements: Elements = {};
  try {
    for (let n = start; n < path.length; n += 2) {
      if (!/^\d{2,4}$/.test(path[n]!)) return null;
      elements[path[n]!] = decodeURIComponent(path[n + 1]!);
    }
  } catch {
    return null;
  }
  for (const [name, value] of url.searchParams) if (/^\d{2,4}$/.test(name)) elements[name] = value;
  return elements;
}

function identified(elements: Elements): Reading {
  const keys = IDENTITIES.find(([key]) => elements[key!] !== undefined) ?? Object.keys(elements).sort();
  const present = keys.filter((ai) => elements[ai] !== undefined);
  const value = present.map((ai) => `(${ai})${elements[ai]}`).join("");
  return { value, is_single: present.some((ai) => ONE_THING.has(ai)), elements };
}

function rfid(text: string): Reading | null {
  const stripped = text.trim();
  const product = elementsOfEpc(stripped) ?? elementsOfEpc(hexadecimal(stripped));
  if (product) return identified(product);
  if (/^urn:epc:[\x21-\x7e]{1,150}$/i.test(stripped)) {
    return { value: `urn:epc:${stripped.slice(8)}`, is_single: true, elements: {} };
  }
  return tag(stripped, /^(?:[0-9A-F]{4}){2,32}$/);
}

function tag(text: string, form: RegExp): Reading | null {
  const value = hexadecimal(text);
  return form.test(value) ? { value, is_single: true, elements: {} } : null;
}

/** Hexadecimal digits in capitals without the separators that readers put between them. */
function hexadecimal(text: string): string {
  return text.trim().toUpperCase().replace(/^0X|[\s:-]/g, "");
}
