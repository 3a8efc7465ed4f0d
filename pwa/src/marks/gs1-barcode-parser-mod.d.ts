/** The library brings no types; this is what is used of it. */
declare module "gs1-barcode-parser-mod" {
  export interface ParsedElement {
    ai: string;
    /** The value exactly as it was read. */
    raw: string;
  }
  /** Takes an element string with group separators, or its human-readable form. Throws a string when it is neither. */
  export function parseBarcode(text: string): { codeName: string; parsedCodeItems: ParsedElement[] };
}
