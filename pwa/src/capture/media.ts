/**
 * Files too large to lie in memory at once: videos, and voice notes like them. Their pieces are stored and hashed as
 * they come, from a recorder or from a file that was picked, so that a record only names what is here already.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { db } from "./db";
import { isQuota, StorageFull } from "./errors";
import { dropMedia, PIECE_BYTES } from "./pieces";
import { makingRoom } from "./room";
import { sturdily } from "./sturdy";
import type { Sha256, Uuid } from "./types";
import { uuid7 } from "./uuid7";

/** A file that stands on this device in pieces. */
export interface KeptMedia {
  media: Uuid;
  sha256: Sha256;
  bytes: number;
  mime: string;
}

/** What is being kept. `add` one after the other, then `end` or `drop`. Throws StorageFull. */
export class MediaKeeper {
  private readonly media = uuid7();
  // WebCrypto hashes only what lies in memory as a whole.
  private readonly hash = sha256.create();
  private taken = 0;
  private line: Promise<void> = Promise.resolve();

  /** Resolves when these bytes are stored. Calls may overlap; their order is kept. */
  add(data: Blob): Promise<void> {
    const mine = this.line.then(() => this.store(data));
    this.line = mine.catch(() => undefined);
    return mine;
  }

  get bytes(): number {
    return this.taken;
  }

  /** `mime` without parameters. */
  async end(mime: string): Promise<KeptMedia> {
    await this.line;
    const { bytes } = this;
    return { media: this.media, sha256: bytesToHex(this.hash.digest()), bytes, mime: mime.split(";")[0]!.trim() || "application/octet-stream" };
  }

  async drop(): Promise<void> {
    await this.line;
    await dropMedia([this.media]);
  }

  private async store(data: Blob): Promise<void> {
    for (let from = 0; from < data.size; from += PIECE_BYTES) {
      const piece = await data.slice(from, from + PIECE_BYTES).arrayBuffer();
      const at = this.bytes;
      try {
        await makingRoom(false, () => sturdily(() => db.pieces.put({ media: this.media, at, data: piece })));
      } catch (error) {
        throw isQuota(error) ? new StorageFull(error) : error;
      }
      this.hash.update(new Uint8Array(piece));
      this.taken += piece.byteLength;
    }
  }
}

/** Keep a picked file as it is. `onbytes` is told how far it came. Throws StorageFull; then nothing of it stays. */
export async function keepMedia(file: Blob, onbytes: (bytes: number) => void = () => undefined): Promise<KeptMedia> {
  const keeper = new MediaKeeper();
  try {
    for (let from = 0; from < file.size; from += PIECE_BYTES) {
      await keeper.add(file.slice(from, from + PIECE_BYTES));
      onbytes(keeper.bytes);
    }
    return await keeper.end(file.type);
  } catch (error) {
    await keeper.drop();
    throw error;
  }
}
