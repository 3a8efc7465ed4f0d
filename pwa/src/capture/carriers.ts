/** Files on their way: two at once, with what was recorded meanwhile in between. Called by sync.ts, under its lock. */
import { keepAwake } from "./awake";
import { filesAtOnce } from "./line";
import { sendActs } from "./outbox";
import { dropLostMedia } from "./pieces";
import { keepReserve } from "./room";
import { dropOldBytes, sendFile, takeFile } from "./uploads";

/** Two carriers, and one on a slow line. What ends one ends the pass, after the other has set its file down. */
export async function sendFiles(signal?: AbortSignal): Promise<number> {
  const stop = new AbortController();
  signal?.addEventListener("abort", () => stop.abort());
  const carried = await Promise.allSettled([carrier(1, stop.signal, signal), carrier(2, stop.signal, signal)].map((one) => one.catch(ended(stop))));
  const failed = carried.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return carried.reduce((sum, one) => sum + (one.status === "fulfilled" ? one.value : 0), 0);
}

function ended(stop: AbortController): (error: unknown) => never {
  return (error) => {
    stop.abort();
    throw error;
  };
}

/** `stop` ends it between files, `signal` at once. */
async function carrier(number: 1 | 2, stop: AbortSignal, signal?: AbortSignal): Promise<number> {
  let verified = 0;
  while (!stop.aborted && number <= (await filesAtOnce())) {
    const file = await takeFile();
    if (!file) break;
    const letSleep = keepAwake();
    try {
      if (await sendFile(file, signal)) verified += 1;
    } finally {
      letSleep();
    }
    // What was recorded meanwhile goes before the next photo.
    if (!stop.aborted) await actsFirst();
  }
  return verified;
}

let sendingActs: Promise<unknown> | null = null;

/** Both carriers wait for one and the same round of acts. */
async function actsFirst(): Promise<void> {
  sendingActs ??= sendActs().finally(() => (sendingActs = null));
  await sendingActs;
}

/** Give back the bytes that are no longer needed here, and keep room for texts. */
export async function tidy(): Promise<void> {
  await dropOldBytes();
  await dropLostMedia();
  await keepReserve();
}
