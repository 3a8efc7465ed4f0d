/** What page and scanner worker say to each other. Compiled for both sides. */

export interface DecodeRequest {
  id: number;
  width: number;
  height: number;
  /** RGBA, handed over and not copied. */
  pixels: ArrayBuffer;
  /** Make edges steeper first, compared with so many pixels around: for a picture out of focus. 0: leave it. */
  sharpen: number;
  /** Look for other makers' symbols when there is no QR code. */
  others: boolean;
}

export interface Code {
  text: string;
  /** As zxing names it, for example `QRCode`. */
  format: string;
  /** The reader saw the sign that the text is a GS1 element string. */
  is_gs1: boolean;
}

export type DecodeAnswer = { id: number; codes: Code[] } | { id: number; error: string };
