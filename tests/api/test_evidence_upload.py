"""A file's way in: intent, bytes, verified. On SQLite with a folder, and on PostgreSQL with S3."""

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select
from uuid_utils.compat import uuid7

from plumbline import db
from plumbline.acts.models import ActRow
from plumbline.settings import Settings
from plumbline.storage.interface import checking_key, evidence_key, incoming_key
from plumbline.storage.service import open_store
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import claim, complete, intend, meta, put, send, sha256_of, slug

PHOTO = photos.jpeg()


def receipt() -> dict[str, str]:
    return {"material": "cement_cn", "quantity": "12.5", "unit": "t", "qr": "0" * 26}


def acts_of(cast: Cast, type: str) -> list[ActRow]:
    with db.reading(cast.engine) as session:
        return list(session.exec(select(ActRow).where(ActRow.type == type)))


def test_a_photo_comes_in_byte_for_byte_and_is_verified(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, PHOTO)

    known = meta(cast.foreman, sha256)
    assert known["status"] == "verified"
    assert known["decodable"] is True
    assert (known["mime"], known["bytes"]) == ("image/jpeg", len(PHOTO))
    assert cast.inspector.get(cast.foreman.at(f"/files/{sha256}")).content == PHOTO


def test_verified_is_an_act_of_the_house_in_the_ledger(cast: Cast) -> None:
    send(cast.foreman, PHOTO)

    (act,) = acts_of(cast, "evidence:verified")
    assert act.number is not None
    assert act.verdict == "applied"


def test_nothing_stays_behind_where_a_url_reaches(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, PHOTO)
    send(cast.foreman, PHOTO)

    store = open_store(settings)
    assert store.size(incoming_key(upload["upload_id"])) is None
    assert store.size(checking_key(upload["upload_id"])) is None
    assert store.list(f"evidence/{cast.project_id}") == [evidence_key(cast.project_id, sha256_of(PHOTO))]


def test_a_file_that_the_server_has_is_not_sent_again(cast: Cast) -> None:
    send(cast.foreman, PHOTO)

    assert intend(cast.crew_member, PHOTO)["state"] == "verified"


def test_many_files_are_asked_for_at_once_and_answered_in_order(cast: Cast) -> None:
    send(cast.foreman, PHOTO)
    asked = [claim(photos.png()), claim(PHOTO), claim(photos.jpeg(seed=1))]
    files = [{k: file[k] for k in ("sha256", "bytes", "mime")} for file in asked]

    answer = cast.foreman.post(cast.foreman.at("/uploads"), {"files": files}).json()["uploads"]

    assert [a["sha256"] for a in answer] == [f["sha256"] for f in files]
    assert [a["state"] for a in answer] == ["upload", "verified", "upload"]


def test_asking_again_renews_the_same_upload(cast: Cast) -> None:
    first, second = intend(cast.foreman, PHOTO), intend(cast.foreman, PHOTO)

    assert first["upload_id"] == second["upload_id"]


def test_completing_again_gives_the_same_answer_and_no_second_act(cast: Cast) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, PHOTO)

    answers = [complete(cast.foreman, upload).json() for _ in range(3)]

    assert answers == [{"sha256": sha256_of(PHOTO), "status": "verified"}] * 3
    assert len(acts_of(cast, "evidence:verified")) == 1


def test_completing_at_the_same_time_is_safe(cast: Cast) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, PHOTO)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: complete(cast.foreman, upload).status_code, range(4)))

    assert answers == [200] * 4
    assert len(acts_of(cast, "evidence:verified")) == 1


def test_two_phones_may_send_the_same_photo_at_the_same_time(cast: Cast, settings: Settings) -> None:
    uploads = [(actor, intend(actor, PHOTO)) for actor in (cast.foreman, cast.crew_member)]
    for actor, upload in uploads:
        assert put(actor, upload, PHOTO).is_success

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: complete(*one).status_code, uploads))

    assert answers == [200, 200]
    assert open_store(settings).list(f"evidence/{cast.project_id}") == [evidence_key(cast.project_id, sha256_of(PHOTO))]


def test_a_checker_that_died_between_store_and_act_loses_nothing(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, PHOTO)
    store, id = open_store(settings), upload["upload_id"]
    store.move(incoming_key(id), checking_key(id))
    store.move(checking_key(id), evidence_key(cast.project_id, sha256_of(PHOTO)))

    assert complete(cast.foreman, upload).status_code == 200
    assert meta(cast.foreman, sha256_of(PHOTO))["status"] == "verified"


def test_what_shows_the_file_changes_in_the_feed_when_it_is_verified(cast: Cast) -> None:
    lot = uuid7()
    cast.storekeeper.did("lot:receive", lot, receipt(), files=[claim(PHOTO, role="photo:delivery")])
    before = cast.storekeeper.row("lot", lot)
    cursor = cast.storekeeper.device.seen

    send(cast.storekeeper, PHOTO)

    assert before is not None
    assert [f["status"] for f in before["files"]] == ["expected"]
    (change,) = cast.storekeeper.feed(cursor)["changes"]
    (file,) = change["row"]["files"]
    assert (change["kind"], file["status"], file["decodable"]) == ("lot", "verified", True)
    assert (file["role"], file["capture"]) == ("photo:delivery", "camera")


def test_a_file_may_come_before_the_act_that_lists_it(cast: Cast) -> None:
    lot = uuid7()
    send(cast.storekeeper, PHOTO)

    cast.storekeeper.did("lot:receive", lot, receipt(), files=[claim(PHOTO)])

    row = cast.storekeeper.row("lot", lot)
    assert row is not None
    assert [f["status"] for f in row["files"]] == ["verified"]
    assert meta(cast.storekeeper, sha256_of(PHOTO))["attached"][0]["id"] == str(lot)


def test_a_declared_type_is_a_claim_and_never_a_header_of_ours(cast: Cast) -> None:
    declared = ('image/jpeg; name="a\r\nSet-Cookie: x"', "IMAGE/JPEG", "what ever", "")
    for seed, mime in enumerate(declared):
        photo = photos.jpeg(seed=seed)
        upload = intend(cast.foreman, photo, mime)
        put(cast.foreman, upload, photo)
        complete(cast.foreman, upload)

        assert upload["headers"]["Content-Type"] in ("image/jpeg", "application/octet-stream")
        assert meta(cast.foreman, sha256_of(photo))["mime"] == "image/jpeg"


def test_a_stranger_learns_nothing_of_a_projects_files(cast: Cast) -> None:
    sha256 = send(cast.foreman, PHOTO)
    upload = intend(cast.foreman, photos.png())
    foreign = cast.foreman.at("")

    answers = [
        cast.stranger.post(f"{foreign}/uploads", {"files": [{"sha256": sha256, "bytes": 1, "mime": "image/png"}]}),
        cast.stranger.post(f"{foreign}/uploads/{upload['upload_id']}/complete"),
        cast.stranger.post(cast.stranger.at(f"/uploads/{upload['upload_id']}/complete")),
        cast.stranger.get(f"{foreign}/files/{sha256}"),
        cast.stranger.get(f"{foreign}/files/{sha256}/preview"),
        cast.stranger.get(f"{foreign}/files/{sha256}/meta"),
        cast.stranger.get(cast.stranger.at(f"/files/{sha256}")),
    ]

    assert [(a.status_code, slug(a)) for a in answers] == [(404, "not-found")] * len(answers)
