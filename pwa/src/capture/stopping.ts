/** Breaking off what is being sent, when the phone changes hands. sync.ts begins a pass under the signal. */
let running: AbortController | null = null;

/** The signal of the pass that begins now. */
export function passSignal(): AbortSignal {
  running = new AbortController();
  return running.signal;
}

/** Requests on their way are broken off; their acts and files wait again. */
export function stopSending(): void {
  running?.abort();
}
