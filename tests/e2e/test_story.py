"""The main job from end to end, as people do it. Read from top to bottom it is the manual.

Runs on SQLite with the folder store, and on PostgreSQL with S3, by settings alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import DESK, PHONE, Browsers, Window
from tests.e2e.hands import at_the_server_and_verified, choose, kept_on_this_phone, photograph
from tests.e2e.site import PASSWORD, Site
from tests.support.photos import jpeg

NEWCOMER = "周强 Zhou Qiang"


@dataclass
class Story:
    """Everybody's window, and what the story has made so far."""

    site: Site
    browsers: Browsers
    manager: Window
    phone: Window
    inspector: Window
    invite: str = ""
    lot: dict[str, object] = field(default_factory=dict)
    step: dict[str, object] = field(default_factory=dict)

    def check(self) -> None:
        """No window reported an error."""
        for window in (self.manager, self.phone, self.inspector):
            window.check()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, site_of: Callable[[str], Site], browsers: Browsers) -> Iterator[Story]:
    """The story on one shape of the house; its windows stay open from chapter to chapter."""
    site = site_of(request.param)
    windows = [browsers.open(site.url, shape) for shape in (DESK, PHONE, DESK)]
    yield Story(site, browsers, *windows)
    for window in windows:
        window.context.close()


@pytest.fixture
def story(told: Story) -> Iterator[Story]:
    """The story so far; each chapter ends with windows that reported no error."""
    yield told
    told.check()


def test_1_the_project_manager_invites_a_foreman(story: Story) -> None:
    page = story.manager.sign_in("project_manager", PASSWORD)
    page.get_by_role("link", name="People").click()
    page.get_by_role("button", name="Invite a person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(NEWCOMER)
    dialog.get_by_label("Organization").select_option(label="Shanghai Construction No. 1")
    dialog.get_by_label("Foreman").check()
    dialog.get_by_role("button", name="Make invite").click()
    expect(dialog.get_by_role("img", name="Invite")).to_be_visible()
    story.invite = dialog.locator(".link").inner_text()
    assert story.invite.startswith(f"{story.site.url}/join/")
    story.browsers.camera.sees_picture(dialog.get_by_role("img", name="Invite").screenshot())
    dialog.get_by_role("button", name="Close").last.click()


def test_2_the_code_on_the_desk_is_read_by_a_phone(story: Story) -> None:
    """A colleague's phone is pointed at the desk's screen: the code says where to join, and nothing more happens."""
    with story.browsers.window(story.site.url, PHONE) as colleague:
        page = colleague.sign_in("storekeeper", PASSWORD)
        page.get_by_role("link", name="Scan").click()
        page.wait_for_url(story.invite)
        expect(page.get_by_text("This phone is signed in already")).to_be_visible()


def test_3_the_foreman_joins_and_the_manager_confirms(story: Story) -> None:
    page = story.phone.page
    page.goto(story.invite)
    page.get_by_label("Name").fill(NEWCOMER)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()

    desk = story.manager.page
    desk.get_by_role("tab", name="Invites").click()
    desk.get_by_role("button", name=f"Confirm: {NEWCOMER}").click()
    expect(desk.get_by_text("Confirmed", exact=True).first).to_be_visible()

    expect(page.get_by_role("heading", name="My work", level=1)).to_be_visible(timeout=30_000)
    member = next(row for row in story.site.rows("member") if row["display_name"] == NEWCOMER)
    assert (member["state"], member["roles"]) == ("active", ["foreman"])


def test_4_a_truck_of_concrete_is_received(story: Story) -> None:
    """Stick a blank label on the delivery note, scan it, photograph the tag, enter the quantity: done."""
    page, camera = story.phone.page, story.browsers.camera
    code, text = story.site.blank_label()
    camera.sees_code(text)
    page.get_by_role("link", name="Scan").click()
    page.get_by_role("link", name="Receive material with this label").click()
    expect(page.get_by_text(f"Bound to {code[:8]}")).to_be_visible()
    photograph(page, camera, "Photo of tag or delivery note")
    page.get_by_role("button", name="Choose material").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("ready-mixed")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Ready-mixed concrete")).click()
    choose(page, "Grade", "C30")
    page.get_by_role("textbox", name="Batch number").fill("T-014")
    page.get_by_role("textbox", name="Quantity").fill("8")
    photograph(page, camera, "Certificate")
    page.get_by_text(re.compile("^More facts")).click()
    choose(page, "Supplier", "Baoshan Steel")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    at_the_server_and_verified(page)

    story.lot = next(row for row in story.site.rows("lot") if row["qr"] == code)
    assert (story.lot["received"], story.lot["on_hand"], story.lot["unit"]) == ("8", "8", "m3")
    assert [f["status"] for f in story.lot["files"]] == ["verified", "verified"]


def test_5_the_pour_is_recorded_at_the_wall(story: Story) -> None:
    """Scan the wall, log the pour: photos, the truck, readings, the crew. The place comes by itself."""
    page, camera = story.phone.page, story.browsers.camera
    camera.sees_code(story.site.label_of_wall)
    page.get_by_role("link", name="Scan").click()
    expect(page.get_by_role("heading", name="Wall 3, 8F", level=1)).to_be_visible()
    line = page.get_by_role("listitem").filter(has_text="Placing and vibrating")
    line.get_by_role("link", name="Log").click()
    photograph(page, camera, "start, middle and end of the pour", times=3)
    photograph(page, camera, "vibration")
    photograph(page, camera, "joint or beam-column zone")
    camera.sees_code(f"{story.site.url}/q/{story.lot['qr']}")
    page.get_by_role("button", name="Scan a lot").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("textbox", name="Quantity").fill("7.5")
    page.get_by_role("textbox", name="actual volume").fill("7.5")
    page.get_by_role("textbox", name="layer thickness").fill("400")
    choose(page, "Crew", "Rebar crew 1")
    expect(page.get_by_text("Position known, ±6 m")).to_be_visible()
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    at_the_server_and_verified(page)

    story.step = next(row for row in story.site.rows("step") if row["task_id"] == str(story.site.wall))
    assert story.step["status"] == "submitted"
    assert story.step["lots"] == [{"lot_id": story.lot["id"], "quantity": "7.5", "unit": "m3"}]
    assert story.step["distance_m"] is not None
    lot = next(row for row in story.site.rows("lot") if row["id"] == story.lot["id"])
    assert lot["on_hand"] == "0.5"


def test_6_the_project_manager_approves_by_keyboard(story: Story) -> None:
    page = story.manager.open("/inbox")
    record = page.get_by_role("article", name=re.compile("Placing and vibrating"))
    expect(record).to_be_visible(timeout=30_000)
    expect(record.get_by_role("img").first).to_be_visible()
    expect(record).to_contain_text(NEWCOMER)
    expect(record.get_by_role("button", name="Approve")).to_be_enabled()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text("Approved. Kept on this device")).to_be_visible()
    expect(record).to_be_hidden()

    step = _wait_for(story, "step", lambda row: row["id"] == story.step["id"] and row["status"] == "approved")
    assert [decision["decision"] for decision in step["decisions"]] == ["approve"]


def test_7_the_inspector_raises_a_defect_at_the_wall(story: Story) -> None:
    story.inspector.sign_in("inspector", PASSWORD)
    page = story.inspector.open(f"/tasks/{story.site.wall}/defect")
    picked = {"name": "crack.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1200, 900, seed=3)}
    page.locator("input[type=file]").first.set_input_files([picked])
    page.get_by_label("What is wrong").first.fill("Crack 0.4 mm at axis 4")
    choose(page, "Severity", "Major")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    defect = _wait_for(story, "defect", lambda row: row["title"] == "Crack 0.4 mm at axis 4")
    assert (defect["severity"], defect["status"]) == ("major", "open")


def test_8_the_wall_tells_what_is_in_it_and_who_put_it_there(story: Story) -> None:
    page = story.inspector.open(f"/elements/{story.site.wall}")
    material = page.get_by_role("region", name=re.compile("Material"))
    expect(material).to_contain_text("7.5")
    expect(material).to_contain_text("Ready-mixed concrete")
    people = page.get_by_role("region", name=re.compile("People"))
    expect(people).to_contain_text(NEWCOMER)
    expect(people).to_contain_text("Rebar crew 1")
    expect(people).to_contain_text("项目经理 王建国")
    expect(page.get_by_text("Crack 0.4 mm at axis 4").first).to_be_visible()
    people.get_by_role("button", name=re.compile("proof")).first.click()
    proof = page.get_by_role("dialog")
    expect(proof).to_contain_text("The signature holds")
    page.keyboard.press("Escape")
    expect(proof).to_be_hidden()


def test_9_the_trace_leads_from_the_wall_to_the_truck_and_back(story: Story) -> None:
    wall, lot = story.site.wall, UUID(str(story.lot["id"]))
    page = story.inspector.open(f"/trace?kind=task&node={wall}&direction=backward")
    expect(page.get_by_text(str(story.lot["code"])).first).to_be_visible(timeout=30_000)
    page.keyboard.press("l")
    expect(page.get_by_role("button", name=re.compile(str(story.lot["code"])))).to_be_visible()

    page = story.inspector.open(f"/trace?kind=lot&node={lot}&direction=forward&view=list")
    expect(page.get_by_role("button", name=re.compile("^Wall 3, 8F"))).to_be_visible(timeout=30_000)
    inspector = story.site.cast.inspector
    answer = inspector.get(inspector.at("/trace"), params={"node": str(lot), "kind": "lot", "direction": "forward"})
    assert str(wall) in {node["id"] for node in answer.json()["nodes"]}


def _wait_for(story: Story, kind: str, fits: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """The first row of the feed that fits, once the server has it."""
    for _ in range(60):
        found = next(filter(fits, story.site.rows(kind)), None)
        if found:
            return found
        story.manager.page.wait_for_timeout(500)
    raise AssertionError(f"No {kind} that fits came into the feed")
