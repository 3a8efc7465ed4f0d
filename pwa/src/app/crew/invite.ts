/** Reading invites that people paste or type. */
import { parseScan } from "../../capture";

/** The code of an invite, from the bare code or the address of the QR; null when the text is neither. */
export function inviteCode(text: string): string | null {
  const scanned = parseScan(text);
  return scanned.kind === "foreign" ? null : scanned.code;
}
