"""The dialogs of moves, assemblies and suppliers: filled in on a screen, saved, and seen at the server."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from uuid_utils.compat import uuid7

from tests.e2e.browsers import DESK, PHONE, UNKEPT, Browsers, Window
from tests.e2e.hands import SEND_MS, until
from tests.e2e.site import PASSWORD, Site
from tests.support.works import receive_lot

Row = dict[str, Any]


@dataclass
class Yard:
    """Two trucks of the same concrete in one yard, a shed beside it, and a manager's phone."""

    site: Site
    phone: Window
    truck: UUID
    other: UUID

    def lots(self, fits: Callable[[Row], bool]) -> list[Row]:
        """Lots as the server has them."""
        return [row for row in self.site.rows("lot") if fits(row)]

    def arrived(self, fits: Callable[[Row], bool]) -> Row:
        """The lot that the server has after a while."""
        return until(self.phone.page, lambda: self.lots(fits))[-1]

    def does(self, lot: UUID | str, act: str, **said: str) -> None:
        """Open a lot, press the act, fill in what stands in `said` (label: text or choice; _ for a space), save."""
        self.fills(lot, act, **said)
        self.saves()

    def fills(self, lot: UUID | str, act: str, **said: str) -> None:
        """The same without saving."""
        page = self.phone.follow(f"/lots/{lot}")
        page.get_by_role("button", name=act, exact=True).click(timeout=SEND_MS)
        filled(page, {label.replace("_", " "): text for label, text in said.items()})

    def saves(self) -> None:
        page = self.phone.page
        page.get_by_role("dialog").get_by_role("button", name="Save on this phone").click()
        expect(page.get_by_role("dialog")).to_be_hidden()


def filled(page: Page, said: dict[str, str]) -> None:
    """Fill in a dialog: texts where there is a box, else the choice of that word."""
    dialog = page.get_by_role("dialog")
    for label, text in said.items():
        box = dialog.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}"))
        if box.count():
            box.first.fill(text)
        elif dialog.get_by_role("group", name=re.compile(f"^{re.escape(label)}")).count():
            group = dialog.get_by_role("group", name=re.compile(f"^{re.escape(label)}"))
            group.get_by_role("button", name=re.compile(f"^{re.escape(text)}")).click()
        else:
            dialog.get_by_label(re.compile(f"^{re.escape(label)}")).first.select_option(label=text)


@pytest.fixture(scope="module")
def yard(site_of: Callable[[str], Site], browsers: Browsers) -> Iterator[Yard]:
    """What lies there, on a phone that has the project."""
    site = site_of("sqlite")
    cast = site.cast
    shed = {"name": "八层堆场", "name_en": "Shed 8", "kind": "store"}
    cast.administrator.did("place:add", uuid7(), shed)
    here = {"supplier": str(cast.supplier), "place": str(cast.place)}
    truck = receive_lot(cast.storekeeper, "10", batch_no="T-1", **here)
    other = receive_lot(cast.storekeeper, "10", batch_no="T-2", **here)
    with browsers.window(site.url, PHONE) as phone:
        phone.sign_in("project_manager", PASSWORD)
        phone.open("/lots")
        expect(phone.page.locator("main li").first).to_be_visible(timeout=30_000)
        yield Yard(site, phone, truck, other)


def test_what_is_sent_is_counted_on_arrival_and_the_rest_in_the_yard(yard: Yard) -> None:
    yard.does(yard.truck, "Dispatch", To="Shed 8", Quantity="2", Vehicle="沪A 12345")
    sent = yard.arrived(lambda row: bool(row["to_place_id"]))
    assert (sent["on_hand"], sent["vehicle"]) == ("2", "沪A 12345")

    yard.does(sent["id"], "Record arrival", Counted="1.9", Note="0.1 m³ spilt")
    there = yard.arrived(lambda row: row["id"] == sent["id"] and not row["to_place_id"])
    assert (there["on_hand"], there["place_id"] != str(yard.site.cast.place)) == ("1.9", True)

    yard.does(yard.truck, "Count", Counted="7.5")
    assert yard.arrived(lambda row: row["id"] == str(yard.truck) and row["on_hand"] == "7.5")

    yard.does(yard.truck, "Leaves the project", It_goes="Back to the supplier", Where_to="宝山钢铁", Quantity="0.5")
    assert yard.arrived(lambda row: row["id"] == str(yard.truck) and row["on_hand"] == "7")
    yard.phone.check()


def test_lots_are_merged_and_mixed(yard: Yard) -> None:
    other = yard.lots(lambda row: row["id"] == str(yard.other))[0]
    mine = yard.lots(lambda row: row["id"] == str(yard.truck))[0]
    for act, kind in (("Merge", "lot"), ("Put into a mix", "mix")):
        page = yard.phone.follow(f"/lots/{yard.truck}")
        page.get_by_role("button", name=act, exact=True).click(timeout=SEND_MS)
        dialog = page.get_by_role("dialog")
        filled(page, {"From": "1"})
        offered = dialog.get_by_label(re.compile("^Another lot")).first
        offered.select_option(value=str(yard.other))
        dialog.get_by_role("textbox", name=re.compile(f"^From {re.escape(other['code'])}")).fill("2")
        dialog.get_by_role("button", name="Save on this phone").click()
        expect(dialog).to_be_hidden()
        made = yard.arrived(lambda row, kind=kind: row["kind"] == kind and row["on_hand"] == "3")  # type: ignore[misc]
        assert set(made["parent_ids"]) == {mine["id"], other["id"]}
    yard.phone.check()


def test_an_assembly_is_made_worked_on_and_taken_apart(yard: Yard) -> None:
    yard.does(
        yard.truck, "Make an assembly", What_is_made="Precast element", Quantity_made="1", Serial_number="PC-001",
        From="1", Operator="施工员 李伟", Setting="Vibration", Reading="30", Unit_of_the_setting="s",
    )  # fmt: skip
    made = yard.arrived(lambda row: row["serial_no"] == "PC-001")
    assert (made["kind"], made["on_hand"]) == ("unit", "1")

    yard.does(made["id"], "Record a station", Station="Curing chamber 2", Note="48 h at 60 °C")
    row = yard.lots(lambda row: row["id"] == str(yard.truck))[0]
    yard.fills(made["id"], "Take apart", Quantity="1", Reason="Cracked at the edge", Recovered_of="0.25")
    # What others record of the same piece comes in while somebody types, and takes nothing away.
    yard.site.cast.quality.did("lot:hold", UUID(made["id"]), {"reason": "A crack"})
    yard.phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(yard.phone.page.locator("main").get_by_text("A crack").first).to_be_attached(timeout=SEND_MS)
    yard.saves()
    assert yard.arrived(lambda found: found["on_hand"] == "0.25")["material"] == row["material"]
    assert yard.lots(lambda found: found["id"] == made["id"])[0]["on_hand"] == "0"

    yard.does(yard.truck, "Make an assembly", What_is_made="Precast element", Quantity_made="2", From="1")
    pair = yard.arrived(lambda found: found["kind"] == "assembly" and found["on_hand"] == "2")
    yard.does(pair["id"], "Number the pieces", Serial_numbers="PC-002\nPC-003")
    yard.arrived(lambda found: found["serial_no"] == "PC-003")
    yard.phone.check()


def test_suppliers_are_approved_matched_merged_and_suspended(yard: Yard, browsers: Browsers) -> None:
    twin = uuid7()
    called = {"name": "宝钢股份", "name_en": "Baosteel", "kind": "supplier"}
    yard.site.cast.administrator.did("organization:add", twin, called)
    with browsers.window(yard.site.url, DESK, **UNKEPT) as desk:
        page = desk.sign_in("project_manager", PASSWORD)
        desk.open("/quality?tab=list")
        ours = page.get_by_role("listitem").filter(has_text="Baoshan Steel")
        ours.get_by_role("button", name="Approve").click(timeout=SEND_MS)
        _kept(page, "Approve", Reason="Audit of 2026-10")
        expect(ours).to_contain_text("Audit of 2026-10", timeout=SEND_MS)

        page.get_by_role("button", name="Match names of other systems").click()
        filled(page, {"Names in the other system": "宝山钢铁股份有限公司", "Name of the system": "ERP"})
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Find similar").click()
        dialog.get_by_role("listitem").get_by_role("button", name="Confirm this one").first.click()
        expect(dialog).to_contain_text("Confirmed: Baoshan Steel")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(ours).to_contain_text("宝山钢铁股份有限公司", timeout=SEND_MS)

        page.get_by_role("listitem").filter(has_text="Baosteel").get_by_role("button", name="Merge into").click()
        dialog.get_by_label("Which one stays").select_option(label="Baoshan Steel")
        _kept(page, "Merge into…")
        expect(page.get_by_text("Merged into “Baoshan Steel”")).to_be_visible(timeout=SEND_MS)

        ours.first.get_by_role("button", name="Suspend").click()
        dialog.get_by_role("button", name="Suspend").click()
        expect(dialog).to_contain_text("Say why")
        _kept(page, "Suspend", Reason="Two heats without papers")
        expect(ours.first).to_contain_text("Suspended", timeout=SEND_MS)
    refused = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "8", "unit": "m3"}
    cast = yard.site.cast
    cast.storekeeper.feed(limit=5000)
    slug = cast.storekeeper.refusal("lot:receive", uuid7(), {**refused, "supplier": str(cast.supplier)})
    assert slug == "supplier-suspended"


def _kept(page: Page, word: str, **said: str) -> None:
    filled(page, said)
    page.get_by_role("dialog").get_by_role("button", name=word).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
