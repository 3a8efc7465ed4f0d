"""200 script payloads in every name, note and file name of a site: none runs, and none becomes markup or a formula.

The window fails on any refusal of the security policy, so markup that the policy would have stopped is found too.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.browsers import DESK, PHONE, UNKEPT, Browsers, Window
from tests.e2e.poisoned import Poisoned, make_poisoned
from tests.e2e.screens import OPEN, SCREENS, settle
from tests.e2e.site import PASSWORD, Site
from tests.support.formulas import formulas_in
from tests.support.payloads import payloads

# Lists that show all 200 at once; the others show the first of their rows.
WHOLE = {
    "people", "invites", "devices", "links", "equipment",
    "office-tasks", "materials", "suppliers", "office-defects", "task", "log", "receive", "recall-room",
}  # fmt: skip
# What strangers are shown, links and labels: which payloads stand on each page, by their place in the list.
STRANGERS = {
    "link": [2, 3, 8, 9],  # The wall; an element below it; holder and firm.
    "link-element": [2, *range(25)],  # The wall; the method and the note of its record.
    "link-lot": [1],  # Its maker, its heat, its papers.
    "link-trace": [2, 8],
    "public-element": [2, 10],  # The wall, and the lots in it.
    "public-lot": [16],
}
# The files of tables, by who may take them away, of all screens; test_exports.py knows that there are no others.
EXPORTS = {
    "manager": {"materials", "defects", "organizations", "crews", "equipment", "places", "trace", "Quantities"},
}
WATCH = "window.runs = 0; window.ran = () => { window.runs += 1; };"

# Chooses one file after the other as a person does; returns the names that were never shown.
CHOOSE = """async (names) => {
  const input = document.querySelector("input[type=file]"), unseen = [];
  for (const name of names) {
    const chosen = new DataTransfer(), file = new File(["x"], name, { type: "application/zip" });
    chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const isShown = () => document.body.textContent.includes(file.name);
    for (let n = 0; n < 400 && !isShown(); n++) await new Promise((done) => setTimeout(done, 5));
    if (!isShown()) unseen.push(name);
  }
  return unseen;
}"""
# The name of the error with which each sink answers a text; in a task of its own, where the page's policy holds.
SINKS = """() => new Promise((done) => setTimeout(() => {
  const markup = "<img src=x onerror=ran()>", element = document.createElement("div");
  const sinks = {
    innerHTML: () => { element.innerHTML = markup; },
    outerHTML: () => { document.body.appendChild(element).outerHTML = markup; },
    insertAdjacentHTML: () => element.insertAdjacentHTML("beforeend", markup),
    write: () => document.write(markup),
    srcdoc: () => { document.createElement("iframe").srcdoc = markup; },
    "script.text": () => { document.createElement("script").text = "ran()"; },
    "script.src": () => { document.createElement("script").src = "/x.js"; },
    parse: () => new DOMParser().parseFromString(markup, "text/html"),
    worker: () => new Worker("/x.js"),
    policy: () => trustedTypes.createPolicy("another", {}),
    eval: () => (0, eval)("ran()"),
    Function: () => new Function("ran()")(),
  };
  const said = {};
  for (const [name, attempt] of Object.entries(sinks)) {
    try { attempt(); said[name] = "taken"; } catch (error) { said[name] = error.name; }
  }
  done(said);
}, 0))"""


@pytest.fixture(scope="module")
def poisoned(site_of: Callable[[str], Site]) -> Poisoned:
    """All texts that people can give, each payload in each of them."""
    return make_poisoned(site_of("sqlite"))


def shown_on(page: Page) -> str:
    """All text of a page, spaces alike."""
    return " ".join((page.locator("body").text_content() or "").split())


def missing_on(page: Page, texts: list[str]) -> list[str]:
    """The texts that do not come to stand on the page: rows come from the phone's own database, a moment later."""
    for _ in range(40):
        shown = shown_on(page)
        if not [text for text in texts if text not in shown]:
            return []
        page.wait_for_timeout(250)
    return [text for text in texts if text not in shown]


def exported(window: Window) -> dict[str, int]:
    """Takes the screen's tables away as files: none holds a formula. Returns the lines of each, by its name."""
    found = {}
    for button in window.page.get_by_role("button", name="Export CSV").all():
        with window.page.expect_download() as download:
            button.click()
        file = Path(download.value.path())
        assert formulas_in(file) == [], window.page.url
        name = download.value.suggested_filename
        found[re.sub(r"-\d{4}-\d\d-\d\d\.csv$", "", name)] = len(file.read_text("utf-8-sig").splitlines())
    return found


def visited(
    poisoned: Poisoned, browsers: Browsers, who: str, login: str, shape: dict[str, object]
) -> Iterator[tuple[str, Window]]:
    """Every screen of one person, settled, by its name."""
    with browsers.window(poisoned.site.url, shape, **UNKEPT) as window:
        window.context.add_init_script(WATCH)
        window.context.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        window.sign_in(login, PASSWORD)
        window.open("/tasks")
        window.page.locator("main li").first.wait_for(timeout=30_000)
        for name, (by, path) in SCREENS.items():
            if by == who and name not in OPEN:
                window.follow(path.format(**poisoned.ids))
                settle(window.page, rest_ms=80)
                yield name, window
        settle(window.page)  # What ran late counts too: nothing was loaded anew meanwhile.
        yield "the last one", window


@pytest.mark.parametrize(
    ("who", "login", "shape"),
    [("foreman", "foreman", PHONE), ("manager", "project_manager", DESK), ("inspector", "inspector", DESK)],
)
def test_no_payload_runs_on_any_screen(
    browsers: Browsers, poisoned: Poisoned, who: str, login: str, shape: dict[str, object]
) -> None:
    seen, texts = "", [" ".join(text.split()) for text in payloads()]
    tables: dict[str, int] = {}
    for name, window in visited(poisoned, browsers, who, login, shape):
        assert window.page.evaluate("window.runs") == 0, window.page.url
        if name in WHOLE:
            assert missing_on(window.page, texts) == [], f"names that are not on the screen {name}"
        seen += shown_on(window.page)
        tables |= exported(window)

    assert set(tables) == EXPORTS.get(who, set()), sorted(tables)
    assert who != "manager" or tables["materials"] == tables["defects"] == 201, "heads and every row"
    assert who != "manager" or "Public page of labels Shown to anybody" in seen, "views of public pages are told"
    assert "onerror=ran()" in seen, "the payloads must have been on the screens, as text"


def test_no_payload_runs_on_what_strangers_are_shown(browsers: Browsers, poisoned: Poisoned) -> None:
    texts = [" ".join(text.split()) for text in payloads()]
    pages = {name: (OPEN[name], on) for name, on in STRANGERS.items()}
    pages |= {"wall by its link": ("/g/{wall_link}", [2, 8, 9]), "lot by its link": ("/g/{lot_link}", [8, 9, 16])}
    with browsers.window(poisoned.site.url, PHONE, **UNKEPT) as window:
        window.context.add_init_script(WATCH)
        window.context.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        for name, (path, on) in pages.items():
            page = window.open(path.format(**poisoned.ids))
            settle(page, rest_ms=80)
            shown = shown_on(page)
            assert [texts[at] for at in on if texts[at] not in shown] == [], f"not on the page {name}: {shown}"
            assert page.evaluate("window.runs") == 0, name


def test_no_screen_of_strangers_with_texts_of_the_site_is_left_out() -> None:
    assert {name for name, path in OPEN.items() if re.search(r"{\w*(link|label)}", path)} == set(STRANGERS)


def test_no_payload_runs_as_the_name_of_a_file_a_key_or_a_row(browsers: Browsers, poisoned: Poisoned) -> None:
    with browsers.window(poisoned.site.url, DESK, **UNKEPT) as window:
        window.context.add_init_script(WATCH)
        page = window.sign_in("administrator", PASSWORD)
        window.follow("/settings")
        page.get_by_text("onerror=ran()").first.wait_for()
        window.follow("/office/tasks/import")
        table = io.StringIO()
        rows = [("code", "name", "level"), *((f"X-{n}", text, text) for n, text in enumerate(payloads()))]
        csv.writer(table).writerows(rows)
        file = {"name": "tasks.csv", "mimeType": "text/csv", "buffer": table.getvalue().encode()}
        page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]  # As playwright takes it.
        page.get_by_text("onerror=ran()").first.wait_for()
        assert page.evaluate("window.runs") == 0
        assert exported(window)["tasks-problems"] > 200
        window.follow("/hand-in")
        page.locator("input[type=file]").first.wait_for(state="attached")

        assert page.evaluate(CHOOSE, payloads()) == [], "names of files that were never on the screen"
        settle(page)
        assert page.evaluate("window.runs") == 0


def test_the_browser_refuses_markup_and_code_made_of_text(browsers: Browsers, poisoned: Poisoned) -> None:
    window = browsers.open(poisoned.site.url, DESK)  # Not checked: each refusal is an error of the page.
    window.context.add_init_script(WATCH)
    page = window.open("/sign-in")
    page.locator("h1").first.wait_for()

    refused = page.evaluate(SINKS)
    runs = page.evaluate("window.runs")
    window.context.close()

    assert {sink: error for sink, error in refused.items() if error not in ("TypeError", "EvalError")} == {}
    assert runs == 0
