"""Accessibility of a page by axe-core, run through the debugger: the security policy lets no foreign script in."""

import json
from typing import Any

from playwright.sync_api import Page

from tests.e2e.build import PWA

SOURCE = PWA / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is broken is told: describing all that holds takes most of the time.
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """One line for each rule that is broken: impact, rule, first places."""
    debugger = page.context.new_cdp_session(page)
    try:
        # A page that was followed to by a link of the app has it still.
        if not _run(debugger, "'axe' in window"):
            _run(debugger, SOURCE.read_text("utf-8") + "; 0")
        found: dict[str, Any] = _run(debugger, f"axe.run(document, {json.dumps(RULES)})")
    finally:
        debugger.detach()
    return [
        f"{one['impact']} {one['id']} at {', '.join(str(node['target'][0]) for node in one['nodes'][:3])}"
        for one in found["violations"]
    ]


def _run(debugger: Any, expression: str) -> Any:
    asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = debugger.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")
