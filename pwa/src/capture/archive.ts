/**
 * Reading a ZIP as phones write it: by its directory, one entry at a time, from the disk. Entries are stored and never
 * compressed, so none can swell; whoever packed it anew is told so. Names are only compared, never used as paths.
 */
import { CaptureError } from "./errors";

/** Not a ZIP of a phone, or cut, or packed anew. `why` is for reports, not for readers. */
export class ArchiveUnreadable extends CaptureError {
  constructor(why: string) {
    super("archive-unreadable", `The archive cannot be read: ${why}.`);
  }
}

export interface Entry {
  name: string;
  bytes: number;
  read(): Promise<ArrayBuffer>;
}

const END = { signature: 0x06054b50, bytes: 22, comment: 0xffff };
const LISTED = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const MOST_ENTRIES = 65_534;
const MOST_DIRECTORY_BYTES = 16 * 1024 * 1024;

/** All entries in the order of the directory. Throws ArchiveUnreadable. */
export async function entriesOf(zip: Blob): Promise<Entry[]> {
  const { count, from, bytes } = await findDirectory(zip);
  const view = new DataView(await zip.slice(from, from + bytes).arrayBuffer());
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + LISTED.bytes > view.byteLength || view.getUint32(at, true) !== LISTED.signature) throw new ArchiveUnreadable("its directory is cut");
    const [nameBytes, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [number, number, number];
    const next = at + LISTED.bytes + nameBytes + extra + comment;
    if (next > view.byteLength) throw new ArchiveUnreadable("its directory is cut");
    entries.push(entryAt(zip, view, at, nameBytes));
    at = next;
  }
  return entries;
}

async function findDirectory(zip: Blob): Promise<{ count: number; from: number; bytes: number }> {
  const tail = new DataView(await zip.slice(Math.max(0, zip.size - END.bytes - END.comment)).arrayBuffer());
  for (let at = tail.byteLength - END.bytes; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END.signature) continue;
    const [count, bytes, from] = [tail.getUint16(at + 10, true), tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    if (count > MOST_ENTRIES || bytes > MOST_DIRECTORY_BYTES || from + bytes > zip.size) break;
    return { count, from, bytes };
  }
  throw new ArchiveUnreadable("it has no directory");
}

function entryAt(zip: Blob, view: DataView<ArrayBuffer>, at: number, nameBytes: number): Entry {
  const is_stored = view.getUint16(at + 10, true) === 0 && (view.getUint16(at + 8, true) & 1) === 0;
  const [packed, bytes, local] = [20, 24, 42].map((field) => view.getUint32(at + field, true)) as [number, number, number];
  if (!is_stored || packed !== bytes) throw new ArchiveUnreadable("it was packed anew");
  if (local + LOCAL.bytes + bytes > zip.size) throw new ArchiveUnreadable("an entry lies beyond its end");
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + LISTED.bytes, nameBytes));
  return { name, bytes, read: () => readEntry(zip, local, bytes) };
}

async function readEntry(zip: Blob, local: number, bytes: number): Promise<ArrayBuffer> {
  const head = new DataView(await zip.slice(local, local + LOCAL.bytes).arrayBuffer());
  if (head.getUint32(0, true) !== LOCAL.signature) throw new ArchiveUnreadable("an entry is not where the directory says");
  const from = local + LOCAL.bytes + head.getUint16(26, true) + head.getUint16(28, true);
  return zip.slice(from, from + bytes).arrayBuffer();
}
