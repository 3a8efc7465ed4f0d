/** Reading an act of this device back. */
import { fromBase64 } from "./bytes";
import type { ActEntry } from "./db";
import type { ActPayload } from "./types";

/** What an act says, read from the bytes that were signed. */
export function payloadOf(act: ActEntry): ActPayload {
  return JSON.parse(new TextDecoder().decode(fromBase64(act.envelope.payload))) as ActPayload;
}
