"""A HEIC original is kept as it is; beside it stands what the phone itself could show of it."""

from uuid_utils.compat import uuid7

from plumbline.settings import Settings
from tests.support.cast import Cast
from tests.support.evidence import claim, run_jobs, send
from tests.support.photos import jpeg
from tests.support.works import add_task

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x01" * 500


def test_a_heic_photo_shows_the_phones_own_jpeg(cast: Cast, settings: Settings) -> None:
    shown = jpeg()
    original = claim(HEIC, "image/heic", "photo", "gallery")
    preview = claim(shown, "image/jpeg", f"preview:{original['sha256']}", "preview")
    defect = uuid7()
    body = {"task": str(add_task(cast)), "title": "蜂窝", "severity": "minor"}
    cast.foreman.did("defect:raise", defect, body, files=[original, preview])
    send(cast.foreman, HEIC, "image/heic")
    send(cast.foreman, shown)
    run_jobs(cast, settings)

    row = cast.inspector.row("defect", defect)
    assert row is not None
    assert [(f["sha256"], f["decodable"], f["preview_sha256"]) for f in row["files"]] == [
        (original["sha256"], False, preview["sha256"])
    ]
    picture = cast.inspector.get(cast.inspector.at(f"/files/{preview['sha256']}/preview"), params={"size": 320})
    assert picture.headers["content-type"] == "image/jpeg"
    kept = cast.inspector.get(cast.inspector.at(f"/files/{original['sha256']}"))
    assert kept.content == HEIC
