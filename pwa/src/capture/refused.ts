/** A record that the server refused, as a new one begins from it. It stays what it was, here and in the quarantine. */
import { db } from "./db";
import { payloadOf } from "./payload";
import { sturdily } from "./sturdy";
import type { ActFile, ActPayload, Uuid } from "./types";

export interface Refused {
  payload: ActPayload;
  /** Its files as far as their bytes are still on this phone; recordings are not among them. */
  files: { entry: ActFile; data: ArrayBuffer }[];
}

/** Null when this phone does not know the act, or the server did not refuse it. */
export async function refusedAct(id: Uuid): Promise<Refused | null> {
  const act = await sturdily(() => db.acts.get(id));
  if (act?.verdict !== "refused") return null;
  const payload = payloadOf(act);
  const kept = await sturdily(() => db.bytes.bulkGet(payload.files.map((file) => [act.project_id, file.sha256])));
  return { payload, files: payload.files.flatMap((entry, at) => (kept[at] ? [{ entry, data: kept[at].data }] : [])) };
}
