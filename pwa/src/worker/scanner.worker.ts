/// <reference lib="webworker" />
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { DecodeAnswer, DecodeRequest } from "./messages";
import { sharpened } from "./sharpen";

// The wasm comes from our own origin: a site has no content delivery network, and the policy allows none.
prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: false });

/** Texts as they are, with the separators of GS1 in them: what they mean is read elsewhere. */
const LABELS: ReaderOptions = {
  formats: ["QRCode"],
  tryHarder: true,
  tryInvert: false,
  maxNumberOfSymbols: 4,
  textMode: "Plain",
};
/** Makers' own labels on bags and bundles, and light codes on dark; each costs time. */
const OTHERS: ReaderOptions = {
  formats: ["QRCode", "DataMatrix", "Code128", "Code39", "EAN13", "ITF"],
  tryHarder: true,
  maxNumberOfSymbols: 1,
  textMode: "Plain",
};

addEventListener("message", (event: MessageEvent<DecodeRequest>) => void answer(event.data));

async function answer(request: DecodeRequest): Promise<void> {
  postMessage(await decode(request));
}

async function decode({ id, width, height, pixels, sharpen, others }: DecodeRequest): Promise<DecodeAnswer> {
  try {
    const rgba = new Uint8ClampedArray(pixels);
    if (sharpen > 0) sharpened(rgba, width, height, sharpen);
    const image = new ImageData(rgba, width, height);
    let found = await readBarcodes(image, LABELS);
    if (found.length === 0 && others) found = await readBarcodes(image, OTHERS);
    const codes = found
      .filter((one) => one.isValid)
      .map(({ text, format, contentType }) => ({ text, format: String(format), is_gs1: contentType === "GS1" }));
    return { id, codes };
  } catch (error) {
    return { id, error: String(error) };
  }
}
