/** Brings the line that an address asks for into sight, once it is there. */
export function intoSight(node: HTMLElement, wanted: boolean): { update: (wanted: boolean) => void } {
  const show = (now: boolean): void => {
    if (now) requestAnimationFrame(() => node.scrollIntoView({ block: "center" }));
  };
  show(wanted);
  return { update: show };
}
