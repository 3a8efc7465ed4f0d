"""A page walked by keyboard alone: what Tab reaches, whether one sees where one is, and whether one gets out again."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 400
# Notes each element that gets the focus, and whether an outline shows it: on it, or on what stands for it.
WATCH = """() => {
  const seen = new Set();
  const state = { stops: 0, round: false, unseen: [] };
  const named = (one) => `${one.tagName.toLowerCase()} "${(one.getAttribute("aria-label") || one.innerText
    || one.getAttribute("title") || one.id || one.className || "").toString().trim().slice(0, 40)}"`;
  const outlined = (one) => {
    for (let at = one, up = 0; at instanceof Element && up < 4; at = at.parentElement, up++) {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
      if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return true;
    }
    return false;
  };
  const listen = ({ target }) => {
    if (seen.has(target)) state.round = true;
    else state.stops++;
    seen.add(target);
    if (!outlined(target)) state.unseen.push(named(target));
  };
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]");
  const grouped = (one) => one.type === "radio" && [...seen].some((other) => other.name === one.name);
  window.keyboardWalk = {
    state,
    end: () => {
      document.removeEventListener("focusin", listen);
      const controls = "a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=tab]";
      const left = [...document.querySelectorAll(controls)].filter(
        (one) => one.tabIndex >= 0 && !one.disabled && shown(one) && !seen.has(one) && !grouped(one));
      return { ...state, left: left.map(named) };
    },
  };
  // From the top, wherever the last screen was left: focus and blur of the body begin anew.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  document.addEventListener("focusin", listen);
}"""


@dataclass(frozen=True)
class Walk:
    """What a walk by Tab found: how many stops, controls that it never reached, stops without a visible focus."""

    stops: int
    left: list[str]
    unseen: list[str]

    def faults(self) -> list[str]:
        """One line for each thing that a person without a mouse could not do; a trap leaves all behind it unreached."""
        return [f"not reached: {one}" for one in self.left] + [f"no focus seen: {one}" for one in self.unseen]


def walked(page: Page) -> Walk:
    """Go round the page by Tab, once."""
    page.evaluate(WATCH)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("() => keyboardWalk.state.round || document.activeElement === document.body"):
            break
    found: dict[str, Any] = page.evaluate("() => keyboardWalk.end()")
    return Walk(found["stops"], found["left"], found["unseen"])


def arrows_move(page: Page) -> list[str]:
    """Rows of tabs are one stop of Tab; within them the arrows must lead on. Faults, one line each."""
    faults = []
    for tabs in page.get_by_role("tablist").all():
        if tabs.get_by_role("tab").count() < 2:
            continue
        tabs.locator("[role=tab][tabindex='0']").first.focus()
        before = page.evaluate("() => document.activeElement.textContent")
        page.keyboard.press("ArrowRight")
        if page.evaluate("() => document.activeElement.textContent") == before:
            faults.append(f"arrows stay on {before!r}")
    return faults


def opened(page: Page, opener: Locator) -> Locator:
    """Open a dialog by Enter on its button."""
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def closed(page: Page, dialog: Locator, opener: Locator) -> list[str]:
    """Go round in a dialog by Tab and leave it by Escape; the focus is where it was. Faults, one line each."""
    faults = []
    for _ in range(12):
        page.keyboard.press("Tab")
        if not dialog.evaluate("dialog => dialog.contains(document.activeElement)"):
            faults.append("Tab leads out of the open dialog")
            break
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    if not opener.evaluate("opener => opener === document.activeElement"):
        faults.append("the focus is not back on what opened the dialog")
    return faults
