/** How the engine's parts nudge the synchronization without knowing it. */

const sleepers = new Set<() => void>();

/** Something is there to be sent. */
export function wake(): void {
  for (const rouse of sleepers) rouse();
}

/** Called on each wake until the returned function is called. */
export function onWake(rouse: () => void): () => void {
  sleepers.add(rouse);
  return () => sleepers.delete(rouse);
}
