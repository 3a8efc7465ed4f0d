/** Pictures for screens: from this phone when it still has the bytes, else from the server, as object URLs. */
import { call } from "./api";
import type { Sha256, Uuid } from "./types";

/** `320` and `1600` are derivatives in JPEG, longest side in pixels; `original` is the file byte for byte. */
export type FileSize = 320 | 1600 | "original";

/** As many as two screens of an inbox; the oldest are given back to the browser. */
const KEPT = 200;
const INLINE = /^image\/(jpeg|png|webp)$/;

const urls = new Map<string, Promise<string>>();

/**
 * An address for `<img src>`. Throws ProblemError `preview-not-ready` until the server has made the derivative,
 * Offline, NotSignedIn. A failure is not remembered.
 */
export function fileUrl(project_id: Uuid, sha256: Sha256, size: FileSize): Promise<string> {
  return cached(`${project_id}/${sha256}/${size}`, async () => {
    const { localBlob } = await import("./kept");
    const own = await localBlob(project_id, sha256);
    if (own && (size === "original" || INLINE.test(own.type))) return own;
    const path = `/api/projects/${project_id}/files/${sha256}`;
    const response = await call(size === "original" ? path : `${path}/preview?size=${size}`, { timeoutMs: 120_000 });
    return response.blob();
  });
}

/** An address for any other picture of the API, for example a label. */
export function imageUrl(path: string): Promise<string> {
  return cached(path, async () => (await call(path)).blob());
}

function cached(key: string, load: () => Promise<Blob>): Promise<string> {
  const known = urls.get(key);
  if (known) {
    // Moved to the end: the map's order is the order of last use.
    urls.delete(key);
    urls.set(key, known);
    return known;
  }
  const made = load().then((blob) => URL.createObjectURL(blob));
  urls.set(key, made);
  made.catch(() => urls.delete(key));
  for (const [oldest, url] of urls) {
    if (urls.size <= KEPT) break;
    urls.delete(oldest);
    void giveBack(url);
  }
  return made;
}

async function giveBack(url: Promise<string>): Promise<void> {
  // One that failed was never an address.
  await url.then((made) => URL.revokeObjectURL(made)).catch(() => undefined);
}

/** Give all addresses back, at sign-out. */
export function forgetFileUrls(): void {
  for (const url of urls.values()) void giveBack(url);
  urls.clear();
}
