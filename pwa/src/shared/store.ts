/** The smallest store that Svelte's `$store` syntax understands, free of Svelte, so the engine can use it. */

export interface Readable<T> {
  /** Calls `run` at once with the present value, then on each change, until the returned function is called. */
  subscribe(run: (value: T) => void): () => void;
}

export interface Writable<T> extends Readable<T> {
  get(): T;
  set(value: T): void;
}

/** A value that can be watched. `start` runs with the first subscriber; what it returns, with the last one's leaving. */
export function writable<T>(initial: T, start?: () => () => void): Writable<T> {
  let value = initial;
  let stop: (() => void) | undefined;
  const watchers = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const run of [...watchers]) run(value);
    },
    subscribe(run) {
      const watcher = (current: T): void => run(current);
      watchers.add(watcher);
      if (watchers.size === 1) stop = start?.();
      run(value);
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) stop?.();
      };
    },
  };
}
