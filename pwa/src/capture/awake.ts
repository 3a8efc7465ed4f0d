/** Keeps the screen on while files are on their way: a phone that falls asleep stops sending, an iPhone at once. */
let wanted = 0;
let lock: WakeLockSentinel | null = null;
let asking = false;

/** From now until the returned function is called. Where it cannot be, or the battery is low, nothing is said. */
export function keepAwake(): () => void {
  wanted += 1;
  void ask();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    wanted -= 1;
    if (wanted > 0) return;
    void lock?.release().catch(() => undefined);
    lock = null;
  };
}

async function ask(): Promise<void> {
  const screen = (globalThis.navigator as Partial<Navigator> | undefined)?.wakeLock;
  if (!screen || lock || asking || wanted === 0 || document.visibilityState !== "visible") return;
  asking = true;
  const given = await screen.request("screen").catch(() => null);
  asking = false;
  // Meanwhile all may be sent.
  if (wanted === 0) return void given?.release().catch(() => undefined);
  lock = given;
  lock?.addEventListener("release", () => (lock = null));
}

// The browser takes the lock away from a page that is left; it is asked for again when the page is back.
globalThis.document?.addEventListener("visibilitychange", () => void ask());

/** Whether this browser goes on sending when the app is closed. */
export function sendsAlone(): boolean {
  return "SyncManager" in globalThis;
}
