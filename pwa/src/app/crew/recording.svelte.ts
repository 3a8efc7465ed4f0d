/** Recording video or voice: bytes go to the phone's store and into the hash each second, not into memory. */
import { MediaKeeper, StorageFull, type KeptMedia } from "../../capture";

export const VIDEO_SECONDS = 180;
export const VOICE_SECONDS = 120;
const SLICE_MS = 1_000;
/** 2.5 Mbit/s is sharp enough for a joint at 720 lines, and three minutes of it are 56 MB. */
const RATES = { videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 48_000 };
/** What most players open comes first. */
const KINDS = {
  video: ["video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/mp4", "video/webm;codecs=vp8,opus", "video/webm"],
  audio: ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/mp4", "audio/webm", "audio/ogg"],
};

export type Ended = { kept: KeptMedia } | { reason: "full" | "failed" };

export class Recording {
  seconds = $state(0);
  private readonly keeper = new MediaKeeper();
  private readonly recorder: MediaRecorder;
  private readonly timer: ReturnType<typeof setInterval>;
  private trouble: "full" | "failed" | null = null;
  /** Settles once: with what was kept, or why nothing was. */
  readonly ended: Promise<Ended>;

  constructor(stream: MediaStream, kind: "video" | "audio", most: number) {
    const mimeType = KINDS[kind].find((one) => MediaRecorder.isTypeSupported(one));
    this.recorder = new MediaRecorder(stream, { ...RATES, ...(mimeType ? { mimeType } : {}) });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.keeper.add(data).catch((error: unknown) => this.fail(error instanceof StorageFull ? "full" : "failed"));
    };
    this.recorder.onerror = () => this.fail("failed");
    this.ended = new Promise((resolve) => (this.recorder.onstop = () => resolve(this.settle())));
    const begun = performance.now();
    this.timer = setInterval(() => {
      this.seconds = Math.min(most, (performance.now() - begun) / 1000);
      if (this.seconds >= most) this.stop();
    }, 200);
    this.recorder.start(SLICE_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  /** Stop, and keep nothing. */
  async cancel(): Promise<void> {
    this.trouble ??= "failed";
    this.stop();
    await this.ended;
  }

  private fail(reason: "full" | "failed"): void {
    this.trouble ??= reason;
    this.stop();
  }

  private async settle(): Promise<Ended> {
    clearInterval(this.timer);
    const kept = await this.keeper.end(this.recorder.mimeType);
    if (!this.trouble && kept.bytes > 0) return { kept };
    await this.keeper.drop();
    return { reason: this.trouble ?? "failed" };
  }
}

/** How long a picked video lasts in seconds; null where this browser cannot tell. */
export function secondsOf(file: Blob): Promise<number | null> {
  return new Promise((resolve) => {
    const video = document.createElement("video");
    const url = URL.createObjectURL(file);
    const done = (seconds: number | null): void => {
      URL.revokeObjectURL(url);
      video.removeAttribute("src");
      resolve(seconds !== null && Number.isFinite(seconds) ? seconds : null);
    };
    video.preload = "metadata";
    video.onloadedmetadata = () => done(video.duration);
    video.onerror = () => done(null);
    video.src = url;
  });
}

/** `2:05`. */
export function clockOf(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
