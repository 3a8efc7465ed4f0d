/**
 * The scanner for screens: camera, light, and the worker that reads codes. It reports texts; what they mean
 * is for `parseScan`, and nothing here opens an address.
 */
import workerUrl from "../worker/scanner.worker.ts?worker&url";
import { parseScan } from "../capture/code";
import type { Code, DecodeAnswer, DecodeRequest } from "../worker/messages";
import { framed, LIVE_LOOKS, STILL_LOOKS, type Look } from "./looks";
import { scriptUrl } from "./trusted";

/** What read a code, as marks know it. */
export function readBy({ format, is_gs1 }: Code): "gs1" | "qr" | "datamatrix" | "code128" | "barcode" {
  if (is_gs1) return "gs1";
  if (format === "QRCode") return "qr";
  if (format === "DataMatrix") return "datamatrix";
  return format === "Code128" ? "code128" : "barcode";
}

export class ScannerError extends Error {
  constructor(
    /** `camera-refused` by the person, `camera-missing`, `camera-busy`, `reader-failed`. */
    readonly code: "camera-refused" | "camera-missing" | "camera-busy" | "reader-failed",
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = "ScannerError";
  }
}

export interface Scanning {
  /** The camera has a light that can be switched. */
  has_light: boolean;
  setLight(on: boolean): Promise<void>;
}

/** The same label lying before the camera is reported once in this time. */
const REPEAT_MS = 2_000;

/**
 * Show the back camera in `video` and report each code read until `signal` aborts; then camera and worker end.
 * Throws ScannerError, and the signal's AbortError when it ends before the camera is there.
 */
export async function scan(signal: AbortSignal, video: HTMLVideoElement, report: (code: Code) => void): Promise<Scanning> {
  const stream = await openCamera();
  const stopCamera = (): void => stream.getTracks().forEach((track) => track.stop());
  if (signal.aborted) stopCamera();
  signal.throwIfAborted();
  signal.addEventListener("abort", stopCamera, { once: true });
  video.srcObject = stream;
  video.muted = true;
  video.playsInline = true;
  await video.play();
  void watch(signal, video, new Reader(signal), report);
  return light(stream.getVideoTracks()[0]);
}

/** Codes in a picture from the gallery or the phone's own camera; empty when none is found. */
export async function readImage(signal: AbortSignal, picture: Blob): Promise<Code[]> {
  const ended = new AbortController();
  const reader = new Reader(AbortSignal.any([signal, ended.signal]));
  let bitmap: ImageBitmap | undefined;
  try {
    bitmap = await createImageBitmap(picture);
    for (const look of STILL_LOOKS) {
      const codes = await reader.read(pixelsOf(bitmap, bitmap.width, bitmap.height, look), look);
      if (codes.length > 0) return codes;
    }
    return [];
  } finally {
    bitmap?.close();
    ended.abort();
  }
}

async function openCamera(): Promise<MediaStream> {
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (!devices) throw new ScannerError("camera-missing");
  try {
    const video = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
    return await devices.getUserMedia({ video, audio: false });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    const refused = name === "NotAllowedError" || name === "SecurityError";
    const missing = name === "NotFoundError" || name === "OverconstrainedError";
    throw new ScannerError(refused ? "camera-refused" : missing ? "camera-missing" : "camera-busy", { cause: error });
  }
}

/** `torch` stands in the Image Capture specification and not in TypeScript's DOM types. */
type WithTorch = MediaTrackCapabilities & { torch?: boolean };

function light(track: MediaStreamTrack | undefined): Scanning {
  const can: WithTorch | undefined = track?.getCapabilities?.();
  return {
    has_light: can?.torch === true,
    async setLight(on) {
      const torch: MediaTrackConstraintSet & { torch: boolean } = { torch: on };
      await track?.applyConstraints({ advanced: [torch] });
    },
  };
}

async function watch(signal: AbortSignal, video: HTMLVideoElement, reader: Reader, report: (code: Code) => void): Promise<void> {
  const reportedAt = new Map<string, number>();
  for (let turn = 0; !signal.aborted; turn++) {
    await pause(signal);
    if (signal.aborted || video.videoWidth === 0) continue;
    const look = LIVE_LOOKS[turn % LIVE_LOOKS.length] ?? LIVE_LOOKS[0]!;
    const codes = await reader.read(pixelsOf(video, video.videoWidth, video.videoHeight, look), look).catch(() => []);
    if (signal.aborted) return;
    // The next label is looked at from the quickest look on.
    if (codes.length > 0) turn = -1;
    const now = performance.now();
    for (const code of codes) {
      const label = labelOf(code.text);
      if (now - (reportedAt.get(label) ?? -Infinity) < REPEAT_MS) continue;
      reportedAt.set(label, now);
      report(code);
    }
  }
}

/** The large code of a label is a link to what the small one says in capitals: both are one label. */
function labelOf(text: string): string {
  const scanned = parseScan(text);
  return scanned.kind === "code" ? scanned.code : text;
}

/** A little pause between looks keeps a cheap phone cool; ten looks a second feel instant. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 80);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

let canvas: HTMLCanvasElement | undefined;

function pixelsOf(source: CanvasImageSource, width: number, height: number, look: Look): ImageData {
  const { x, y, w, h, to } = framed(look, width, height);
  canvas ??= document.createElement("canvas");
  [canvas.width, canvas.height] = to;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new ScannerError("reader-failed");
  context.drawImage(source, x, y, w, h, 0, 0, ...to);
  return context.getImageData(0, 0, ...to);
}

/** The worker, one question at a time. Ends with the signal; questions then stay unanswered and are dropped. */
class Reader {
  private readonly worker: Worker;
  private readonly open = new Map<number, { resolve: (codes: Code[]) => void; reject: (error: Error) => void }>();
  private last = 0;

  constructor(signal: AbortSignal) {
    this.worker = new Worker(scriptUrl(workerUrl), { type: "module" });
    this.worker.addEventListener("message", (event: MessageEvent<DecodeAnswer>) => this.settle(event.data));
    this.worker.addEventListener("error", () => this.failAll());
    signal.addEventListener("abort", () => (this.worker.terminate(), this.failAll()), { once: true });
  }

  read(image: ImageData, { sharpen, others }: Look): Promise<Code[]> {
    const id = ++this.last;
    const pixels = image.data.buffer;
    const request: DecodeRequest = { id, width: image.width, height: image.height, pixels, sharpen, others };
    return new Promise((resolve, reject) => {
      this.open.set(id, { resolve, reject });
      this.worker.postMessage(request, [pixels]);
    });
  }

  private settle(answer: DecodeAnswer): void {
    const question = this.open.get(answer.id);
    this.open.delete(answer.id);
    if ("codes" in answer) question?.resolve(answer.codes);
    else question?.reject(new ScannerError("reader-failed", { cause: answer.error }));
  }

  private failAll(): void {
    for (const { reject } of this.open.values()) reject(new ScannerError("reader-failed"));
    this.open.clear();
  }
}
