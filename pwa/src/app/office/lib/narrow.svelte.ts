/** Whether the window is too narrow for tables and two panes (under 700 px, 1100 px). */
const phone = matchMedia("(max-width: 699px)");
const onePane = matchMedia("(max-width: 1099px)");
let small = $state(phone.matches);
let single = $state(onePane.matches);
phone.addEventListener("change", () => (small = phone.matches));
onePane.addEventListener("change", () => (single = onePane.matches));

export function isPhone(): boolean {
  return small;
}

export function isOnePane(): boolean {
  return single;
}
