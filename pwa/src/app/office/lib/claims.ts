/** What a signed text claims beside its body: the phone's clock, its position, its own count, the files it names. */

export interface Claims {
  wall: string | null;
  skewMs: number | null;
  place: string | null;
  /** Metres. */
  accuracy: string | null;
  seq: string | null;
  files: string[];
}

type Part = Record<string, unknown>;
const part = (value: unknown): Part => (typeof value === "object" && value !== null ? (value as Part) : {});
const said = (value: unknown): string | null => (typeof value === "string" || typeof value === "number" ? String(value) : null);

/** Reads the exact text of an act; null when it is no JSON. The text itself is never written again. */
export function claimsOf(payload: string): Claims | null {
  let act: Part;
  try {
    act = part(JSON.parse(payload));
  } catch {
    return null;
  }
  const at = part(act["at"]);
  const where = part(act["where"]);
  const [lat, lon] = [said(where["lat"]), said(where["lon"])];
  const files = Array.isArray(act["files"]) ? act["files"].map((file) => said(part(file)["sha256"])) : [];
  return {
    wall: said(at["wall"]),
    skewMs: typeof at["skew_ms"] === "number" ? at["skew_ms"] : null,
    place: lat && lon ? `${lat}, ${lon}` : null,
    accuracy: said(where["accuracy_m"]),
    seq: said(act["seq"]),
    files: files.filter((hash) => hash !== null),
  };
}
