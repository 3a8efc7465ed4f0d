"""Lots that must not be used, and what a phone says of each."""

from typing import Any

from uuid_utils.compat import uuid7

from tests.e2e.pocket import Phone
from tests.e2e.site import Site

GATES = ("expired", "failed", "stopped", "open")


def gates(phone: Phone) -> None:
    """What the phone says of lots that must not be used: on the lot's page, and when it is taken for a step."""
    lots = held_lots(phone.site)
    phone.open("/lots")
    for code in lots.values():
        phone.page.get_by_text(code).first.wait_for()
    phone.shot("gate-lots")
    for name, code in lots.items():
        phone.open(f"/lots?q={code}")
        phone.page.locator("main").get_by_text(code).first.click()
        phone.page.wait_for_url("**/lots/*")
        phone.shot(f"gate-lot-{name}")
    for name, code in lots.items():
        # Searched for, every lot is offered; which material the step takes is another question.
        phone.open(f"/tasks/{phone.site.wall}/log/concrete_pour.pouring")
        phone.press("list")
        phone.page.get_by_role("dialog").get_by_role("searchbox").fill(code)
        phone.page.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button").first.click()
        phone.shot(f"gate-step-{name}")
        phone.page.keyboard.press("Escape")


def held_lots(site: Site) -> dict[str, str]:
    """Lots that are past their life, failed a test, are stopped, or lack a paper; their heat or batch numbers."""
    keeper, quality = site.cast.storekeeper, site.cast.quality
    found = {}
    for name in GATES:
        lot, heat = uuid7(), f"H-{name.upper()}"
        body: dict[str, Any] = {"material": "rebar_ribbed_cn", "quantity": "5", "unit": "t", "heat_no": heat}
        if name == "expired":
            old = {"batch_no": heat, "produced_on": "2026-06-01"}
            body = {"material": "cement_cn", "quantity": "20", "unit": "t", **old}
        keeper.did("lot:receive", lot, {**body, "supplier": str(site.cast.supplier)})
        if name == "failed":
            quality.did("test:record", uuid7(), {"lot": str(lot), "kind": "retest", "result": "fail"})
        if name == "stopped":
            quality.did("lot:hold", lot, {"reason": "钢筋表面裂纹 / cracks"})
        found[name] = heat
    return found
