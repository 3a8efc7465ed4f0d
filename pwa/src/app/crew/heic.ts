/**
 * iPhones hand over HEIC, which servers open only with an optional decoder. The original travels as it is; beside it
 * goes a JPEG of what this phone can show, so that an approver sees the picture.
 */
const LONGEST = 1600;
const QUALITY = 0.85;

/** A JPEG of a HEIC or HEIF picture, at most 1600 px; null for other files and where this phone cannot open it. */
export async function jpegOf(blob: Blob): Promise<ArrayBuffer | null> {
  if (!/^image\/hei[cf]/.test(blob.type)) return null;
  try {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return made ? await made.arrayBuffer() : null;
  } catch {
    return null;
  }
}
