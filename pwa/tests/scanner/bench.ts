/**
 * The product's scanner before pictures of our choice: `tests/support/scanning.py` builds this page, opens it in a real
 * browser and calls what it puts on `window`. Only the camera is another one: a canvas that shows the picture.
 */
import { readImage, scan } from "../../src/shared/scanner";

export interface Reading {
  /** Everything that was read, in order. */
  texts: string[];
  /** From showing the picture to the first report; to the end of trying when there was none. */
  ms: number;
  /** How often the worker was asked. */
  looks: number;
}

declare global {
  interface Window {
    still: (picture: string) => Promise<Reading>;
    begin: () => Promise<void>;
    prepare: (picture: string) => Promise<void>;
    live: (patience_looks: number) => Promise<Reading>;
    rest: () => Promise<void>;
    reported: string[];
  }
}

const shown = document.createElement("canvas");
[shown.width, shown.height] = [1920, 1080];
const pen = shown.getContext("2d")!;
/** Everything that was ever reported, also when nothing was shown: a false reading is in here. */
window.reported = [];
let heard: (text: string) => void = () => undefined;
let next: ImageBitmap | undefined;

let looks = 0;
globalThis.Worker = class extends Worker {
  override postMessage(message: unknown, given: Transferable[] | StructuredSerializeOptions = []): void {
    looks += 1;
    super.postMessage(message, given as Transferable[]);
  }
};

async function pictured(base64: string): Promise<Blob> {
  return (await fetch(`data:image/jpeg;base64,${base64}`)).blob();
}

/** A photo from the gallery. */
window.still = async (picture) => {
  const blob = await pictured(picture);
  looks = 0;
  const began = performance.now();
  const codes = await readImage(new AbortController().signal, blob);
  return { texts: codes.map((code) => code.text), ms: performance.now() - began, looks };
};

/** The camera is opened and the reader is warm, as after the first seconds on the scan screen. */
window.begin = async () => {
  navigator.mediaDevices.getUserMedia = async () => shown.captureStream(30);
  grey();
  flicker();
  const video = document.querySelector("video")!;
  await scan(new AbortController().signal, video, (code) => (window.reported.push(code.text), heard(code.text)));
};

/** Decode the next picture, so that doing so costs nothing when it is shown. */
window.prepare = async (picture) => {
  next?.close();
  next = await createImageBitmap(await pictured(picture));
  pen.drawImage(next, 0, 0, 1, 1);
};

/** The prepared picture comes before the camera, until something is read or so many looks found nothing. */
window.live = async (patience_looks) => {
  const texts: string[] = [];
  looks = 0;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (looks > patience_looks) done();
    }, 50);
    const done = (): void => (clearInterval(timer), resolve());
    heard = (text) => (texts.push(text), done());
    pen.drawImage(next!, 0, 0, shown.width, shown.height);
  });
  return { texts, ms: performance.now() - began, looks };
};

/** Nothing before the camera, till what was on its way is through. */
window.rest = async () => {
  grey();
  await new Promise((resolve) => setTimeout(resolve, 150));
};

function grey(): void {
  pen.fillStyle = "#777";
  pen.fillRect(0, 0, shown.width, shown.height);
}

/** A canvas gives a frame only when it was drawn on; a camera never stops. */
function flicker(): void {
  pen.fillStyle = performance.now() % 2 < 1 ? "#777" : "#787878";
  pen.fillRect(0, 0, 1, 1);
  requestAnimationFrame(flicker);
}
