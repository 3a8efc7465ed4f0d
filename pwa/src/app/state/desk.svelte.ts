/** Whether the window is wide enough for the left rail (1024 px). */
const wide = matchMedia("(min-width: 1024px)");
let desk = $state(wide.matches);
wide.addEventListener("change", () => (desk = wide.matches));

export function isDesk(): boolean {
  return desk;
}
