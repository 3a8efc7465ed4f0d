/** How many refused records wait for an answer: the number in the navigation of those who see them. */
import { quarantine } from "../../capture";
import { app } from "./app.svelte";
import { sees } from "./may";

class Review {
  #open = $state(0);

  constructor() {
    $effect.root(() => {
      $effect(() => {
        // After each pass with the server; without a line the last number stays.
        void app.sync.last_at;
        void this.#ask(app.projectId, sees("quarantine", app.roles));
      });
    });
  }

  get open(): number {
    return this.#open;
  }

  /** After an answer. */
  again(): void {
    void this.#ask(app.projectId, sees("quarantine", app.roles));
  }

  async #ask(projectId: string, isSeen: boolean): Promise<void> {
    if (!projectId || !isSeen) {
      this.#open = 0;
      return;
    }
    const found = await quarantine(projectId, { limit: 0 }).catch(() => null);
    if (found && projectId === app.projectId) this.#open = found.open;
  }
}

export const review = new Review();
