"""The pictures of a trace at the desk: the keyboard moves through them, and each can be taken away as a file."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import DESK, UNKEPT, Browsers, Window
from tests.e2e.screens import SampleHouse, sample_house, settle

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, front_end: None, loaded_sample: Path) -> Iterator[SampleHouse]:
    """The sample with its cracked wall."""
    with sample_house(tmp_path_factory.mktemp("sample"), loaded_sample) as served:
        yield served


def exported(page: Page, kind: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Export {kind}").click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")
    return Path(download.value.path())


def _each_picture_as_files(house: SampleHouse, window: Window) -> None:
    for view in ("graph", "map", "time", "flow"):
        window.follow(house.path(f"/trace?kind=task&node={{task}}&view={view}", "en"))
        settle(window.page)
        svg = exported(window.page, "SVG").read_text("utf-8")
        root = ET.fromstring(svg)
        assert root.tag == f"{SVG}svg"
        assert "var(--" not in svg
        assert root.find(f".//{SVG}text") is not None, view
        # Nothing in it is painted by a style sheet that stays behind.
        assert not [one for one in root.iter() if one.get("class") or one.get("style")], view
        png = exported(window.page, "PNG").read_bytes()
        assert png.startswith(b"\x89PNG"), view
        width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
        assert abs(width - 2 * float(root.get("width") or 0)) <= 2, view
        assert height > 200, view


def _by_keyboard_alone(house: SampleHouse, window: Window) -> None:
    page = window.page
    window.follow(house.path("/trace?kind=task&node={task}&view=graph&direction=backward", "en"))
    settle(page)
    wall = page.locator(".paper .node.start")
    wall.focus()
    page.keyboard.press("ArrowLeft")
    work = page.locator(".paper .node:focus")
    assert "step" in (work.get_attribute("class") or "").split()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why is this here?")).to_be_visible()
    assert page.locator(".paper .node.told").count() == 2
    page.keyboard.press("/")
    page.keyboard.type("no such lot")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    for key, view in (("l", "list"), ("t", "table"), ("m", "map"), ("d", "time"), ("s", "flow"), ("g", "graph")):
        page.keyboard.press(key)
        page.wait_for_url(f"**view={view}*")


STARTS = ("Lot", "Step record", "Part or task", "Test", "Certificate", "Defect", "Delivery note", "Equipment", "Crew",
          "Supplier")  # fmt: skip


def _from_every_kind(window: Window) -> None:
    page = window.page
    for kind in STARTS:
        window.follow("/trace")
        page.get_by_role("group", name="Begin with").get_by_role("button", name=kind, exact=True).click()
        page.get_by_role("region", name=kind).get_by_role("link").first.click()
        page.wait_for_url("**/trace?kind=*")
        expect(page.get_by_text(re.compile(r"^\d+ nodes?, \d+ ties?"))).to_be_visible()
        expect(page.locator("header").get_by_text("Trace").first).to_be_visible()
    window.follow("/trace")
    page.get_by_role("button", name="Period").click()
    page.get_by_role("button", name="Trace", exact=True).click()
    expect(page.get_by_text("Say the first and the last day.").first).to_be_visible()
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Last day").fill("2027-12-31")
    page.get_by_role("button", name="Trace", exact=True).click()
    page.wait_for_url("**/trace?kind=period*")
    expect(page.get_by_text(re.compile(r"^\d+ nodes?, \d+ ties?"))).to_be_visible()


def test_a_trace_begins_with_whatever_one_has_in_hand(browsers: Browsers, house: SampleHouse) -> None:
    with browsers.window(house.url, DESK, "en", **UNKEPT) as window:
        house.sign_in(window, "en", "manager")
        _from_every_kind(window)


def test_pictures_are_used_by_keyboard_and_taken_away_as_files(browsers: Browsers, house: SampleHouse) -> None:
    with browsers.window(house.url, DESK, "en", **UNKEPT) as window:
        house.sign_in(window, "en", "manager")
        _by_keyboard_alone(house, window)
        _each_picture_as_files(house, window)
