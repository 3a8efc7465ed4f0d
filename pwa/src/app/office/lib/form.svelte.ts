/** A small form that records one act: waits, says what went wrong, and never twice at once. */
import type { Problem } from "../../../shared/kit/problem";
import { problemOf } from "../../state/problems";

export class Doing {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** The person has tried; what is missing is now said. */
  tried = $state(false);

  /** Runs once at a time; true when it went well. What is thrown becomes `problem`. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  reset(): void {
    this.problem = null;
    this.tried = false;
  }
}

/** The entries of an object that say something: empty texts are no facts and are left out of an act. */
export function filled<T extends Record<string, string>>(fields: T): { [K in keyof T]?: string } {
  const told = Object.entries(fields).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(told.filter(([, value]) => value !== "")) as { [K in keyof T]?: string };
}
