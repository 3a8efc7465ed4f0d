/** How much room this device has left for the app. */

export interface StorageRoom {
  used_bytes: number;
  /** What the browser would let us use in all; an estimate, and on some browsers a generous one. */
  quota_bytes: number;
  /** The browser promised not to clear our data by itself. */
  is_persistent: boolean;
}

/** Null where the browser does not say. */
export async function storageRoom(): Promise<StorageRoom | null> {
  const storage = (globalThis.navigator as Partial<Navigator> | undefined)?.storage;
  if (!storage?.estimate) return null;
  const [estimate, is_persistent] = await Promise.all([storage.estimate(), storage.persisted?.() ?? false]);
  return { used_bytes: estimate.usage ?? 0, quota_bytes: estimate.quota ?? 0, is_persistent };
}
