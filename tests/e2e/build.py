"""The built front end for the tests: made by `make pwa` when there is none, or the sources are newer. Once."""

import fcntl
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PWA = ROOT / "pwa"
INDEX = PWA / "dist" / "index.html"
SOURCES = ("src", "public", "index.html", "package.json", "vite.config.ts", "svelte.config.js")


def is_fresh() -> bool:
    """Whether no source was changed after the last build."""
    if not INDEX.is_file():
        return False
    built = INDEX.stat().st_mtime
    files = [file for name in SOURCES for file in _files(PWA / name)]
    return all(file.stat().st_mtime <= built for file in files)


def _files(path: Path) -> list[Path]:
    return [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]


def build() -> None:
    """Build the front end when it is missing or old; two test runs at once build it one after the other."""
    lock_path = ROOT / "build" / "pwa.lock"
    lock_path.parent.mkdir(exist_ok=True)
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_fresh():
            subprocess.run(["make", "--no-print-directory", "pwa"], cwd=ROOT, check=True)
