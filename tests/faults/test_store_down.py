"""The S3 store stops between two steps of an upload: what a phone is told is true, and it ends well by itself."""

from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import select

from plumbline import db
from plumbline.evidence.models import Derivative, EvidenceFile
from tests.faults import whole
from tests.faults.conftest import Manned
from tests.support.cast import Actor, Cast
from tests.support.evidence import complete, intend, put, sha256_of, slug
from tests.support.houses import House
from tests.support.photos import jpeg
from tests.support.programs import Program
from tests.support.works import receive_lot


@pytest.fixture
def cast(grown_up: Manned) -> Cast:
    return grown_up.cast


@pytest.fixture
def store(grown_up: Manned) -> Iterator[Program]:
    """The store, running again after the test."""
    program = grown_up.house.store
    assert program is not None
    yield program
    if not program.is_running:
        program.start()


def status(place: House, cast: Cast, content: bytes) -> str:
    """What the server counts a file as, by its own table."""
    with db.reading(place.engine) as session:
        file = session.get(EvidenceFile, (cast.project_id, sha256_of(content)))
        return file.status if file else "unknown"


def ask(actor: Actor, upload: dict[str, str]) -> tuple[int, str]:
    answer = complete(actor, upload)
    return answer.status_code, "verified" if answer.status_code == 200 else slug(answer)


def test_down_between_intent_and_sending(grown_up: Manned, cast: Cast, store: Program) -> None:
    keeper, content = cast.storekeeper, b"%PDF-1.7 between intent and sending"
    upload = intend(keeper, content, "application/pdf")
    store.kill()
    with pytest.raises(httpx.TransportError):
        put(keeper, upload, content)

    assert ask(keeper, upload) == (503, "store-unavailable")
    receive_lot(keeper)  # Acts go on without it.
    assert intend(keeper, content, "application/pdf")["state"] == "upload"

    store.start()
    assert put(keeper, upload, content).is_success
    assert ask(keeper, upload) == (200, "verified")


def test_down_between_sending_and_completing(grown_up: Manned, cast: Cast, store: Program) -> None:
    keeper, content = cast.storekeeper, b"%PDF-1.7 between sending and completing"
    upload = intend(keeper, content, "application/pdf")
    assert put(keeper, upload, content).is_success
    store.kill()

    assert ask(keeper, upload) == (503, "store-unavailable")
    assert status(grown_up.house, cast, content) != "verified"

    store.start()
    assert ask(keeper, upload) == (200, "verified")
    assert keeper.get(keeper.at(f"/files/{sha256_of(content)}")).content == content


def test_down_while_a_verified_file_is_read(grown_up: Manned, cast: Cast, store: Program) -> None:
    keeper, content = cast.storekeeper, b"%PDF-1.7 read"
    upload = intend(keeper, content, "application/pdf")
    put(keeper, upload, content)
    assert ask(keeper, upload) == (200, "verified")
    store.kill()

    answer = keeper.get(keeper.at(f"/files/{sha256_of(content)}"))
    assert (answer.status_code, slug(answer)) == (503, "store-unavailable")
    assert keeper.feed()["head"] > 0

    store.start()
    assert keeper.get(keeper.at(f"/files/{sha256_of(content)}")).content == content


def test_down_while_derivatives_are_made(grown_up: Manned, cast: Cast, store: Program) -> None:
    keeper, content = cast.storekeeper, jpeg(800, 600, seed=3)
    grown_up.house.worker.kill()
    upload = intend(keeper, content)
    put(keeper, upload, content)
    assert ask(keeper, upload) == (200, "verified")
    store.kill()
    said = grown_up.house.worker.said
    before = len(said.read_text())
    grown_up.house.worker.start()
    whole.comes(lambda: " waits: " in said.read_text()[before:], 30)  # The job has met it.

    with db.reading(grown_up.house.engine) as session:
        made = session.exec(select(Derivative).where(Derivative.sha256 == sha256_of(content))).all()
    assert made == []

    store.start()
    assert whole.undone(grown_up.house.engine, cast.project_id, 90) == []
    assert keeper.get(keeper.at(f"/files/{sha256_of(content)}/preview")).status_code == 200


def test_nothing_counts_as_verified_that_cannot_be_read_back(grown_up: Manned, cast: Cast) -> None:
    assert whole.unread(grown_up.house.engine, grown_up.house.objects, cast.project_id) == []
    assert whole.half_applied(grown_up.house.engine, cast.project_id, []) == []
