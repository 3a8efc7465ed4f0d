/**
 * One at a time, across tabs: Web Locks where the browser has them.
 *
 * A browser without them gets a queue inside the page; the guard inside record's transaction
 * still refuses a fork then.
 */
const queues = new Map<string, Promise<unknown>>();

/** Run `work` while holding the lock `plumbline:<name>`. Waits as long as it takes; rejects as `work` does. */
export async function exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
  const full = `plumbline:${name}`;
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  if (locks) return locks.request(full, work);
  const before = queues.get(full) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(full, mine);
  return mine;
}

/** Whether somebody holds the lock now, a page or the service worker; false where the browser has no Web Locks. */
export async function isHeld(name: string): Promise<boolean> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  return ((await locks?.query())?.held ?? []).some((lock) => lock.name === `plumbline:${name}`);
}
