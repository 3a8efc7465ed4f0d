let asked: Promise<typeof import("../recall/Waiting.svelte")> | undefined;

/** What recalls say stands above all; asked for with the first screen, so that nothing below it moves when it comes. */
export function recallsWaiting(): NonNullable<typeof asked> {
  return (asked ??= import("../recall/Waiting.svelte"));
}
