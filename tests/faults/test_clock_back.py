"""The server's clock goes back one hour, as after a wrong battery or a corrected time zone."""

import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

import jwt.api_jwt
import pytest
from sqlmodel import select
from uuid_utils.compat import uuid7

from plumbline import db
from plumbline.evidence.models import Upload
from tests.faults import whole
from tests.support.cast import PASSWORD, Actor, Cast
from tests.support.evidence import complete, intend, put, send
from tests.support.houses import house
from tests.support.photos import jpeg
from tests.support.works import receive_lot

HOUR = timedelta(hours=1)
RECEIPT = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
SetBack = Callable[[], None]


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> SetBack:
    """From the call on, the server reads its clock one hour early: instants, tokens and addresses alike."""
    real, seconds = datetime, time.time

    class AnyDatetime(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real)

    class Early(datetime, metaclass=AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # Plain, as drivers want it.
            return real.now(tz) - HOUR

    def go() -> None:
        monkeypatch.setattr(db, "datetime", Early)
        monkeypatch.setattr(jwt.api_jwt, "datetime", Early)
        monkeypatch.setattr(time, "time", lambda: seconds() - HOUR.total_seconds())

    return go


def renew(actor: Actor) -> None:
    """What a phone does when its access token is refused."""
    if actor.get("/api/me").status_code == 401:
        answer = actor.client.post("/api/token", json={"refresh_token": actor.refresh_token})
        assert answer.status_code == 200, answer.text
        actor.token, actor.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]


def test_numbers_and_feed_go_on_in_the_order_of_receipt(cast: Cast, set_back: SetBack) -> None:
    keeper = cast.storekeeper
    before = [keeper.did("lot:receive", uuid7(), RECEIPT) for _ in range(3)]
    cursor = keeper.feed()["cursor"]
    set_back()
    renew(keeper)
    after = [keeper.did("lot:receive", uuid7(), RECEIPT) for _ in range(3)]

    assert max(r["received_at"] for r in after) < min(r["received_at"] for r in before)
    numbers = [r["number"] for r in (*before, *after)]
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    page = keeper.feed(cursor)
    assert [c["number"] for c in page["changes"]] == numbers[3:]
    assert page["cursor"] == page["head"] == numbers[-1]
    assert whole.half_applied(cast.engine, cast.project_id, []) == []


def test_nothing_is_ordered_by_the_time_inside_an_id(cast: Cast) -> None:
    """The newest act has the id of the oldest moment; numbers and feed follow the receipt."""
    keeper = cast.storekeeper
    ids = [UUID(f"0{9 - n}a205b8-0000-7000-8000-000000000000") for n in range(4)]
    cursor = keeper.feed()["cursor"]
    results = [keeper.did("lot:receive", uuid7(), RECEIPT, id=id) for id in ids]

    numbers = [r["number"] for r in results]
    assert numbers == sorted(numbers)
    assert [c["number"] for c in keeper.feed(cursor)["changes"]] == numbers


def test_acts_of_one_phone_that_waited_are_applied_in_the_phones_own_order(cast: Cast, set_back: SetBack) -> None:
    keeper, awaited, lot = cast.storekeeper, uuid7(), uuid7()
    received = keeper.do("lot:receive", lot, RECEIPT, depends_on=[awaited])
    set_back()
    renew(keeper)
    scrapped = keeper.do("lot:scrap", lot, {"quantity": "1", "reason": "bent"}, depends_on=[awaited])
    assert [received["verdict"], scrapped["verdict"]] == ["deferred", "deferred"]

    keeper.did("lot:receive", uuid7(), RECEIPT, id=awaited)

    row = cast.foreman.row("lot", lot) if cast.foreman.get("/api/me").status_code == 200 else keeper.row("lot", lot)
    assert row is not None
    assert row["on_hand"] == "9"


def test_people_stay_in_and_a_stolen_sign_in_still_ends(cast: Cast, set_back: SetBack) -> None:
    keeper = cast.storekeeper.sign_in()
    stolen = keeper.refresh_token
    set_back()
    for _ in range(2):
        answer = keeper.client.post("/api/token", json={"refresh_token": keeper.refresh_token})
        assert answer.status_code == 200, answer.text
        keeper.token, keeper.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]
        receive_lot(keeper)

    assert keeper.client.post("/api/token", json={"refresh_token": stolen}).status_code == 401


def test_who_mistyped_a_password_before_waits_no_longer_than_usual(cast: Cast, set_back: SetBack) -> None:
    keeper = cast.storekeeper
    wrong = {"login": keeper.login, "password": "not the password", "device": keeper.device.enrolment()}
    while (answer := keeper.client.post("/api/sign-in", json=wrong)).status_code == 401:
        pass
    assert answer.status_code == 429
    set_back()

    again = keeper.client.post("/api/sign-in", json={**wrong, "password": PASSWORD})
    assert again.status_code == 200 or again.json()["retry_after_s"] <= 600


def test_a_file_that_a_dead_process_was_checking_is_free_soon(cast: Cast, set_back: SetBack) -> None:
    keeper, content = cast.storekeeper, b"%PDF-1.7 the clock goes back"
    upload = intend(keeper, content, "application/pdf")
    assert put(keeper, upload, content).is_success
    with db.writing(cast.engine) as session:
        row = session.exec(select(Upload).where(Upload.id == UUID(upload["upload_id"]))).one()
        row.state, row.checking_until = "checking", datetime.now(UTC) + timedelta(seconds=20)
        session.add(row)
    set_back()
    renew(keeper)

    assert complete(keeper, upload).json()["status"] == "verified"


# The clock of real processes, under Python and under the server in Rust: every call of the C library is answered early.
FAKETIME = find_spec("libfaketime")


@pytest.mark.skipif(platform.machine() != "x86_64" or sys.platform != "linux", reason="libfaketime is built for Linux")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_house_whose_machine_goes_back_loses_nothing_and_starts_again(kind: str, tmp_path: Path) -> None:
    """API and worker as processes; on PostgreSQL with a folder too, since a store elsewhere has a clock of its own."""
    clock = tmp_path / "clock"
    clock.write_text("+0h")
    with house(kind, tmp_path, start=False, store="folder") as place, place.client() as client:
        for program in (place.api, place.worker):
            program.env = {**program.env, **early(clock)}
            program.start()
        cast = place.cast(client)
        before = day(cast, 1)
        cursor = cast.storekeeper.feed(limit=5000)["cursor"]
        clock.write_text("-1h")
        renew(cast.storekeeper)
        after = day(cast, 2)

        first, second = (received_at(cast, lot) for lot in (before, after))
        assert second < first - HOUR / 2
        page = cast.storekeeper.feed(cursor)
        assert str(after) in {change["id"] for change in page["changes"]}
        place.api.kill()
        place.api.start()
        assert received_at(cast, day(cast, 3)) < first
        assert whole.undone(place.engine, cast.project_id, seconds=30) == []
        assert whole.unread(place.engine, place.objects, cast.project_id) == []
        assert whole.half_applied(place.engine, cast.project_id, []) == []


def early(clock: Path) -> dict[str, str]:
    """Environment of a process that reads its clock as the file says, again at each call."""
    assert FAKETIME is not None
    assert FAKETIME.submodule_search_locations is not None
    library = Path(FAKETIME.submodule_search_locations[0], "vendor", "libfaketime", "src", "libfaketime.so.1")
    told = {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
    return {"LD_PRELOAD": str(library), **told}


def day(cast: Cast, n: int) -> UUID:
    """A lot received, and a photo of its own verified at once."""
    send(cast.storekeeper, jpeg(seed=n))
    return receive_lot(cast.storekeeper)


def received_at(cast: Cast, lot: UUID) -> datetime:
    """When the server says that it received a lot."""
    row = cast.storekeeper.row("lot", lot)
    assert row is not None
    return datetime.fromisoformat(row["received_at"])
