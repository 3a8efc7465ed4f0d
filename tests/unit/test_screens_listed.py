"""Every route of the front end is among the screens that are photographed and looked at by axe."""

import re

from plumbline.settings import ROOT
from tests.e2e.screens import OPEN, SCREENS

PATH = re.compile(r"""\{\s*path: ["']([^"']+)["']""")


def routes() -> list[str]:
    """The paths of all routes, as they are written: "/lots/:id"."""
    files = sorted((ROOT / "pwa" / "src" / "app").rglob("routes.ts"))
    return [path for file in files for path in PATH.findall(file.read_text("utf-8"))]


def leads_to(route: str, path: str) -> bool:
    """Whether this route matches a path of the list."""
    ways, parts = route.split("/"), path.partition("?")[0].split("/")
    return len(ways) == len(parts) and all(way[:1] == ":" or way == part for way, part in zip(ways, parts, strict=True))


def test_each_route_is_a_screen_that_is_looked_at() -> None:
    paths = routes()
    assert {"/outbox", "/inbox", "/g/:code"} <= set(paths)
    listed = [*OPEN.values(), *(path for _, path in SCREENS.values())]
    # As the router does: the first that matches.
    seen = {next((route for route in paths if leads_to(route, path)), None) for path in listed}
    missed = [path for path in paths if path not in seen]
    assert not missed, f"No screen in tests/e2e/screens.py for: {', '.join(missed)}"
