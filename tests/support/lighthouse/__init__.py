"""Lighthouse on a page of the built app. Its 114 packages are none of the front end: installed when it is asked for.

It slows a phone down by a model of its own (4× the time of scripts, 1.6 Mbit/s, 150 ms); caches and the service worker
are emptied before each run, who is signed in stays so.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from plumbline.settings import ROOT
from tests.support.browser import find_browser

HOME = ROOT / "build" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")


def installed() -> Path:
    """Lighthouse's command, installed as its lock file says. Raises CalledProcessError where it cannot be had."""
    locked = Path(__file__).parent
    done = HOME / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < (locked / "package-lock.json").stat().st_mtime:
        HOME.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(locked / name, HOME / name)
        subprocess.run(["npm", "ci", "--loglevel=error"], cwd=HOME, check=True)
    return HOME / "node_modules" / "lighthouse" / "cli" / "index.js"


def judged(command: Path, url: str, out: Path, *options: str) -> dict[str, Any]:
    """One run: Lighthouse's own report. In a browser of its own, unless an option names the port of another."""
    asked = ["node", str(command), url, "--quiet", "--output=json", f"--output-path={out}"]
    asked += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox", *options]
    subprocess.run(asked, check=True, env={**os.environ, "CHROME_PATH": str(find_browser())})
    report: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert "runtimeError" not in report, report.get("runtimeError")
    assert report["finalDisplayedUrl"] == url
    return report


def score(report: dict[str, Any], category: str) -> float:
    """Of 100."""
    return float(100 * report["categories"][category]["score"])


def short_of(report: dict[str, Any], category: str) -> list[str]:
    """The audits of a category that took something off its score."""
    weighed = [ref["id"] for ref in report["categories"][category]["auditRefs"] if ref["weight"]]
    short = [one for one in weighed if (report["audits"][one]["score"] or 0) < 0.9 and _counts(report["audits"][one])]
    return [f"{one} {report['audits'][one].get('displayValue', '')}".strip() for one in short]


def _counts(audit: dict[str, Any]) -> bool:
    return audit["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
