"""`make shots`: every screen of the sample project as a picture, in tests/shots/<language>-<size>/<screen>.png.

With arguments only those languages and sizes: `make shots ARGS="zh-360x740"`.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.e2e import build
from tests.e2e.browsers import DESK, Browsers, chromium
from tests.e2e.screens import CASTS, SCREENS, SIZES, SampleHouse, sample_house, settle, walk

SHOTS = build.ROOT / "tests" / "shots"
README_PICTURE = build.ROOT / "pwa" / "screenshots" / "element.png"
# Dark and sun are looked at where photos, status colours and forms are.
THEMED = ("work", "lots", "log", "inbox", "trace-graph", "element")
THEMES = ("dark", "sun")


def main(arguments: list[str]) -> int:
    """Make the pictures; returns the exit status, 1 when a page reported an error."""
    every = [f"{language}-{size}" for language in CASTS for size in SIZES]
    parser = argparse.ArgumentParser(prog="make shots", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="set", help=f"of: {', '.join(every)}; default all, and the themes")
    sets = parser.parse_args(arguments).sets
    build.build()
    errors: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-shots-") as folder,
        sample_house(Path(folder)) as house,
        chromium(Path(folder)) as browsers,
    ):
        browsers.camera.sees_code("https://www.example.com/a-maker's-own-label")
        for one in sets or every:
            errors += _shoot(house, browsers, one)
        if not sets:
            _themes(house, browsers)
            _readme(house, browsers)
    sys.stdout.write("".join(f"{line}\n" for line in [*errors, f"Pictures: {SHOTS}"]))
    return 1 if errors else 0


def _shoot(house: SampleHouse, browsers: Browsers, one: str) -> list[str]:
    language, size = one.split("-")
    folder = SHOTS / one
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    errors: list[str] = []
    for name, window in walk(house, browsers, language, size):
        window.page.screenshot(path=folder / f"{name}.png")
        errors += [f"{one} {name}: {error}" for error in window.errors]
        window.errors.clear()
    return errors


def _themes(house: SampleHouse, browsers: Browsers) -> None:
    for theme in THEMES:
        folder = SHOTS / f"zh-360x740-{theme}"
        folder.mkdir(parents=True, exist_ok=True)
        for who in ("foreman", "manager", "inspector"):
            with browsers.window(house.url, SIZES["360x740"], "zh") as window:
                window.context.add_init_script(f"localStorage.setItem('plumbline.look', '{{\"theme\":\"{theme}\"}}')")
                house.sign_in(window, "zh", who)
                for name in (one for one in THEMED if SCREENS[one][0] == who):
                    window.open(house.path(SCREENS[name][1], "zh"))
                    settle(window.page)
                    window.page.screenshot(path=folder / f"{name}.png")


def _readme(house: SampleHouse, browsers: Browsers) -> None:
    """The page of the cracked wall, which the README shows."""
    with browsers.window(house.url, DESK, "en") as window:
        house.sign_in(window, "zh", "inspector")
        window.open(house.path("/elements/{task}", "zh"))
        settle(window.page)
        README_PICTURE.parent.mkdir(exist_ok=True)
        window.page.screenshot(path=README_PICTURE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
