/** Switching messages on and off for this person on this device. */
import { call, get, post } from "../../capture";
import { language } from "../../shared/i18n/index.svelte";

interface PushState {
  public_key: string;
  is_on: boolean;
}

/** `blocked`: the person or the browser said no. `failed`: no line, or the browser's push service did not answer. */
export type Outcome = "on" | "blocked" | "failed";

/** Whether this browser can take messages at all; iOS only when the app lies on the home screen. */
export function canPush(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Whether messages are on here, as server and browser both say. Throws ProblemError, Offline. */
export async function isOn(signal: AbortSignal): Promise<boolean> {
  const { is_on } = await get<PushState>("/api/me/push", {}, signal);
  const registration = await navigator.serviceWorker.getRegistration();
  return is_on && Notification.permission === "granted" && (await registration?.pushManager.getSubscription()) != null;
}

/** Ask the person, subscribe at the browser's push service, and tell the server where. */
export async function switchOn(): Promise<Outcome> {
  // First, while the tap still counts as the person's own act.
  if ((await Notification.requestPermission()) !== "granted") return "blocked";
  try {
    const { public_key } = await get<PushState>("/api/me/push");
    const { endpoint, keys } = (await subscription(public_key)).toJSON();
    const json = { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], language: language() };
    await call("/api/me/push", { method: "PUT", json });
    return "on";
  } catch (error) {
    console.warn("Messages not switched on", error);
    return "failed";
  }
}

/** The browser's own subscription stays: another person of a shared phone may use it. */
export async function switchOff(): Promise<void> {
  await post("/api/me/push/off", {});
}

async function subscription(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    // Subscribed with another key: the server was set up anew.
    if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  }
}
