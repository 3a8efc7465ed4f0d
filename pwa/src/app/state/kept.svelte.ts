/** Stores of the engine as runes. */
import type { Readable } from "../../shared/store";

/** The present value of a store, subscribed for as long as the page lives. For what every screen needs. */
export class Kept<T> {
  current = $state.raw<T>() as T;

  constructor(store: Readable<T>) {
    store.subscribe((value) => {
      this.current = value;
    });
  }
}

/**
 * The value of a store that depends on something: `watch(() => lot(app.projectId, params.id))`. Undefined until the
 * first answer. Called while a component is set up; it follows the component's life. While another row is being read,
 * the value is undefined again, so that no screen shows one thing under the name of another.
 */
export function watch<T>(store: () => Readable<T> | null): { readonly current: T | undefined } {
  let value = $state.raw<T>();
  $effect(() => {
    value = undefined;
    return store()?.subscribe((next) => {
      value = next;
    });
  });
  return {
    get current() {
      return value;
    },
  };
}
