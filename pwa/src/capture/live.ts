/** Live answers from the database as stores: they speak at once and again whenever any tab changes what they read. */
import { liveQuery } from "dexie";
import type { Readable } from "../shared/store";
import { isPassing } from "./sturdy";

const FIRST_MS = 50;
const LONGEST_MS = 5_000;

/**
 * Runs `query` for each subscriber and again after each relevant write. Undefined until the first answer.
 * A query that fails leaves the last answer standing: it is asked again soon when that passes, as the browser's fault
 * does (Dexie alone would keep silent until the next write), and otherwise reported on the console.
 */
export function live<T>(query: () => Promise<T>): Readable<T | undefined> {
  return {
    subscribe(run) {
      run(undefined);
      let failures = 0;
      let leave = (): void => undefined;
      const watch = (): void => {
        let again: ReturnType<typeof setTimeout> | undefined;
        let isOver = false;
        const asked = async (): Promise<T> => {
          try {
            return await query();
          } catch (error) {
            if (!isOver && isPassing(error)) again ??= setTimeout(anew, Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++));
            throw error;
          }
        };
        const running = liveQuery(asked).subscribe({
          next: (value) => {
            failures = 0;
            run(value);
          },
          error: (error: unknown) => void (isPassing(error) || console.error("A live query failed", error)),
        });
        leave = () => {
          isOver = true;
          clearTimeout(again);
          running.unsubscribe();
        };
      };
      const anew = (): void => {
        leave();
        watch();
      };
      watch();
      return () => leave();
    },
  };
}
