/** Live answers from the database as stores: they speak at once and again whenever any tab changes what they read. */
import { liveQuery } from "dexie";
import type { Readable } from "../shared/store";

/**
 * Runs `query` for each subscriber and again after each relevant write. Undefined until the first answer.
 * A failing query is reported on the console and leaves the last answer standing.
 */
export function live<T>(query: () => Promise<T>): Readable<T | undefined> {
  return {
    subscribe(run) {
      run(undefined);
      const running = liveQuery(query).subscribe({
        next: (value) => run(value),
        error: (error: unknown) => console.error("A live query failed", error),
      });
      return () => running.unsubscribe();
    },
  };
}
