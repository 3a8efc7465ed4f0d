"""What a crew takes on site besides photos, and how many taps a step costs: one phone, one wall, one day."""

import io
import json
import re
import wave
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect
from uuid_utils.compat import uuid7

from tests.e2e.browsers import PHONE, Browsers, Window
from tests.e2e.hands import SEND_MS, choose, first_in_outbox, kept_on_this_phone, photograph, verified_row
from tests.e2e.site import PASSWORD, Site
from tests.support.engine_pages import engine_script
from tests.support.photos import jpeg
from tests.support.works import receive_lot

MOST_TAPS = 6
# Each tap but those on the camera's own shutter.
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener("click", (event) => {
    if (event.isTrusted && !event.target.closest(".shutter")) window.taps += 1;
  }, true);
}"""


@pytest.fixture(scope="module")
def phone(browsers: Browsers, site_of: Callable[[str], Site]) -> Iterator[Window]:
    """The foreman's phone, synced; beside the wall stands another one to be poured."""
    site = site_of("sqlite")
    beside = {"parent": str(site.storey), "code": "8F-W4", "name": "4号墙", "name_en": "Wall 4, 8F", "level": "element"}
    site.cast.project_manager.did("task:add", uuid7(), {**beside, "plan": "concrete_pour"})
    with browsers.window(site.url, PHONE) as window:
        page = window.sign_in("foreman", PASSWORD)
        window.open("/tasks")
        expect(page.get_by_text("Storey 8")).to_be_visible(timeout=30_000)
        yield window


def test_from_scan_to_a_saved_step_with_three_photos_in_six_taps(
    browsers: Browsers, phone: Window, site: Site, record_property: Callable[[str, object], None]
) -> None:
    page = phone.open("/")
    page.get_by_role("heading", level=1).wait_for()
    browsers.camera.sees_code(site.label_of_wall)
    page.evaluate(COUNT_TAPS)

    page.get_by_role("link", name="Scan").click()
    line = page.get_by_role("listitem").filter(has_text="Placing and vibrating")
    line.get_by_role("link", name="Log").click()
    slot = page.locator(".slot").filter(has_text="start, middle and end of the pour").first
    slot.get_by_role("button", name="Take photo").click()
    dialog = page.get_by_role("dialog")
    shutter = dialog.get_by_role("button", name="Take photo")
    for taken in range(1, 4):
        shutter.click()
        expect(dialog.get_by_role("button", name=f"Done ({taken})")).to_be_visible()
    # With three of three the camera goes on to the next subject by itself.
    expect(dialog.get_by_role("heading", name=re.compile("vibrat"))).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)

    taps = page.evaluate("() => window.taps")
    record_property(f"taps from scan to a saved step with 3 photos, beside the shutter's (at most {MOST_TAPS})", taps)
    assert taps <= MOST_TAPS


def test_what_was_typed_is_kept_before_the_camera_opens(browsers: Browsers, phone: Window, site: Site) -> None:
    page = phone.open(f"/tasks/{site.wall}/log/concrete_pour.finishing")
    page.get_by_role("textbox", name="Note").fill("typed just before")
    # The timer that keeps a draft after the last key never runs here: what is kept, the camera's opening has kept.
    page.evaluate(
        """() => {
          const real = window.setTimeout;
          window.setTimeout = (run, ms, ...given) => (ms === 400 ? 0 : real(run, ms, ...given));
          const note = [...document.querySelectorAll("textarea")].at(-1);
          note.value = "typed at the last moment";
          note.dispatchEvent(new Event("input", { bubbles: true }));
          [...document.querySelectorAll(".slot .ways button")].at(0).click();
        }"""
    )
    page.get_by_role("dialog").wait_for()
    page.reload()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("typed at the last moment")


def test_a_record_that_cannot_be_stored_is_handed_over_as_a_file(phone: Window, site: Site) -> None:
    page = phone.open(f"/tasks/{site.wall}/log/concrete_pour.finishing")
    page.get_by_role("textbox", name="Note").fill("Float marks at the north end")
    picture = jpeg(seed=4)
    file: FilePayload = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.locator(".slot img").first).to_be_visible()
    page.wait_for_timeout(600)  # The draft is kept by then.
    page.evaluate(
        """() => {
          const store = IDBObjectStore.prototype;
          globalThis.real = { add: store.add, put: store.put };
          store.add = store.put = () => { throw new DOMException("Connection lost", "UnknownError"); };
        }"""
    )
    page.get_by_role("button", name="Save on this phone").click()
    with page.expect_download() as began:
        page.get_by_role("button", name="Export this record now").click(timeout=30_000)
    archive = zipfile.ZipFile(began.value.path())
    assert json.loads(archive.read("form/form.json"))["draft"]["note"] == "Float marks at the north end"
    photos = [name for name in archive.namelist() if name.startswith("form/1-")]
    assert [archive.read(name) for name in photos] == [picture]

    page.evaluate("() => { Object.assign(IDBObjectStore.prototype, globalThis.real); }")
    page.get_by_role("button", name="Save on this phone").click()
    expect(page.get_by_role("heading", name="Kept on this phone")).to_be_visible(timeout=30_000)


def test_a_lot_that_is_stopped_while_the_form_is_open_holds_the_record_back(phone: Window, site: Site) -> None:
    cast, page = site.cast, phone.page
    lot = receive_lot(cast.storekeeper, "10", batch_no="T-77", supplier=str(cast.supplier))
    page = phone.open(f"/tasks/{site.wall}/log/concrete_pour.pouring")
    page.get_by_role("button", name="Pick from list").click()
    page.get_by_role("dialog").get_by_role("listitem").get_by_role("button").first.click(timeout=SEND_MS)
    page.get_by_role("textbox", name="Quantity").fill("2")
    save = page.get_by_role("button", name="Save on this phone")
    expect(save).to_be_enabled()

    cast.quality.did("lot:stop", lot, {"reason": "Slump out of range"})
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Slump out of range").first).to_be_visible(timeout=SEND_MS)
    expect(save).to_be_disabled()
    cast.quality.did("lot:release", lot, {"reason": "Checked"})
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(save).to_be_enabled(timeout=SEND_MS)


# A record of a crew that is not in the project, as of one that was taken away meanwhile: the server refuses it.
REFUSED = """async ([task, project, picture]) => {
  const definition = { key: "concrete_pour", version: 1 };
  const said = { note: "Slump 180 at the pump", method: "By bucket", environment: { air_temp: "21" }, answers: {} };
  const body = { task, kind: "concrete_pour.finishing", definition, people: [], equipment: [], lots: [], ...said };
  const data = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0)).buffer;
  const files = [{ data, mime: "image/jpeg", role: "photo", subject: "e1", capture: "camera" }];
  const [id, crew] = [engine.uuid7(), engine.uuid7()];
  return (await engine.record("step:record", id, { ...body, crew }, { project, files })).act_id;
}"""


def test_a_refused_record_is_mended_by_a_new_one_that_begins_with_all_it_said(phone: Window, site: Site) -> None:
    phone.context.add_init_script(path=engine_script())
    page = phone.open("/outbox")
    refused = page.evaluate(REFUSED, [str(site.wall), str(site.project), b64encode(jpeg(seed=2)).decode()])
    card = page.get_by_role("article").filter(has_text="did not accept it")
    page.get_by_role("button", name="Send now").click()
    expect(card).to_contain_text("Crew unknown", timeout=SEND_MS)
    card.get_by_role("link", name="Log again as asked").click()

    expect(page.locator("textarea").last).to_have_value("Slump 180 at the pump")
    expect(page.locator(".slot img")).to_have_count(1)
    choose(page, "Crew", "Rebar crew 1")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)

    row = verified_row(page, site, "step", note="Slump 180 at the pump")
    kept = page.evaluate("(id) => engine.db.acts.get(id).then((act) => [act.file_hashes, act.dismissed])", refused)
    assert [[file["sha256"] for file in row["files"]], True] == kept
    assert row["method"] == "By bucket"


def test_video_voice_and_marks_arrive_and_can_be_played(browsers: Browsers, phone: Window, site: Site) -> None:
    page = phone.open(f"/tasks/{site.wall}/log/concrete_pour.finishing")
    photograph(page, browsers.camera, "Other photo")
    _mark(page)
    _refuse_what_lasts_longer(page)
    _film(page)
    _speak(page)
    choose(page, "Crew", "Rebar crew 1")
    page.get_by_role("textbox", name="Note").fill("with everything")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    _repeat_on_the_next_wall(page)
    newest = first_in_outbox(phone.open("/"))
    expect(newest).to_contain_text("Verified", timeout=SEND_MS)
    expect(newest).not_to_contain_text("(not yet)", timeout=SEND_MS)

    step = verified_row(page, site, "step", note="with everything")
    files = {
        file["role"].split(":")[0] if file["mime"].startswith("image") else file["mime"]: file for file in step["files"]
    }
    photo, marked = files["photo"], files["markup"]
    assert (marked["role"], marked["capture"]) == (f"markup:{photo['sha256']}", "markup")
    assert marked["sha256"] != photo["sha256"]
    assert photo["capture"] == "camera"
    voice = next(file for mime, file in files.items() if mime.startswith("audio/"))
    assert (voice["role"], voice["capture"]) == ("voice", "microphone")
    film = next(file for mime, file in files.items() if mime.startswith("video/"))
    assert {file["status"] for file in files.values()} == {"verified"}
    foreman = site.cast.foreman
    assert len(foreman.get(foreman.at(f"/files/{film['sha256']}")).content) == film["bytes"]

    page = phone.open(f"/steps/{step['id']}")
    for name, element in (("Voice note", "audio"), ("Video", "video")):
        page.get_by_role("button", name=name).click()
        page.get_by_role("button", name=re.compile("^Play")).click()
        expect(page.locator(element)).to_have_js_property("error", None)
        expect(page.locator(element)).not_to_have_js_property("readyState", 0)
        page.keyboard.press("Escape")


def _repeat_on_the_next_wall(page: Page) -> None:
    page.get_by_role("link", name="Repeat on the next: Wall 4, 8F").click()
    expect(page.get_by_text(re.compile("^Filled in as at “Wall 3, 8F”"))).to_be_visible()
    people = page.get_by_role("region", name=re.compile("^People"))
    expect(people.get_by_text("Rebar crew 1").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("")
    expect(page.locator(".slot img")).to_have_count(0)


def _mark(page: Page) -> None:
    page.get_by_role("button", name="Mark").click()
    dialog = page.get_by_role("dialog")
    canvas = dialog.locator("canvas")
    for tool in ("Arrow", "Circle", "Draw"):
        dialog.get_by_role("button", name=tool).click()
        box = canvas.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 90, steps=4)
        page.mouse.up()
    dialog.get_by_role("button", name="Text").click()
    dialog.get_by_label("Text to write").fill("void")
    canvas.click(position={"x": 60, "y": 150})
    dialog.get_by_role("button", name="Keep the marks").click()
    expect(page.get_by_role("img", name=re.compile("Marked copy"))).to_be_visible()


def _refuse_what_lasts_longer(page: Page) -> None:
    """A file of 3:20 from the gallery; a player asks what is in it, not what it is called."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(200 * 8000))
    long = {"name": "VID_0001.webm", "mimeType": "video/webm", "buffer": content.getvalue()}
    page.locator(".slot").filter(has_text="Other photo").locator("input[type=file]").set_input_files(files=[long])
    expect(page.get_by_text("This video is 3:20 long; at most 3 minutes are taken.")).to_be_visible()


def _film(page: Page) -> None:
    page.get_by_role("button", name="Record video").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Start recording").click()
    expect(dialog.get_by_role("timer")).to_contain_text("0:01")
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Video", exact=True)).not_to_have_js_property("readyState", 0)


def _speak(page: Page) -> None:
    page.get_by_role("button", name="Record voice note").click()
    page.get_by_role("button", name=re.compile("^Stop · 0:01")).click()
    heard = page.locator("audio")
    expect(heard).to_be_visible()
    expect(heard).not_to_have_js_property("readyState", 0)


def test_the_phone_is_handed_over_and_only_the_pin_opens_it_again(phone: Window) -> None:
    page = phone.open("/me")
    mine = page.get_by_role("heading", level=2).first.inner_text()
    page.get_by_label("PIN (4 to 8 digits)").fill("2580")
    page.get_by_role("button", name="Set the PIN").click()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="Who is using this phone?")).to_be_visible()

    page = phone.sign_in("storekeeper", PASSWORD)
    page = phone.open("/me")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    page.get_by_label("PIN of").fill("0000")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("The PIN is not right.")).to_be_visible()
    page.get_by_label("PIN of").fill("2580")
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page = phone.open("/me")
    expect(page.get_by_role("heading", name=mine, level=2)).to_be_visible()
