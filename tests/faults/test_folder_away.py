"""The folder of the store is away while photos come in: what a phone is told is true, and it ends well by itself."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from plumbline import db
from plumbline.evidence.models import Derivative
from tests.faults import whole
from tests.faults.conftest import Manned
from tests.support.cast import Actor
from tests.support.evidence import complete, intend, put, send, sha256_of, slug
from tests.support.photos import jpeg
from tests.support.works import receive_lot

Away = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def renamed(files: Path) -> Iterator[None]:
    """Somebody moved it."""
    aside = files.rename(files.with_name("elsewhere"))
    try:
        yield
    finally:
        aside.rename(files)


@contextmanager
def unmounted(files: Path) -> Iterator[None]:
    """Its disk is not mounted: an empty folder lies in its place, and would take whatever is written."""
    aside = files.rename(files.with_name("disk"))
    files.mkdir()
    try:
        yield
    finally:
        written = list(files.rglob("*"))
        files.rename(files.with_name("below"))
        aside.rename(files)
    files.with_name("below").rmdir()
    assert written == [], "the disk hides it now"


@contextmanager
def read_only(files: Path) -> Iterator[None]:
    """Its disk was mounted again for reading only, as after an error; or it lost its right to write."""
    if os.geteuid() != 0:
        folders = [path for path in (files, *files.rglob("*")) if path.is_dir()]
        try:
            for path in folders:
                path.chmod(0o500)
            yield
        finally:
            for path in folders:
                path.chmod(0o700)
        return
    tried = subprocess.run(["mount", "--bind", str(files), str(files)], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"nothing may be mounted here, and root may write everywhere: {tried.stderr.strip()}")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(files)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(files)], check=True)


def chunk(actor: Actor, upload: dict[str, Any], content: bytes) -> httpx.Response:
    """Send the first half as phones on bad lines do."""
    half = content[: len(content) // 2]
    return actor.client.patch(upload["chunks"]["url"], content=half, headers={"Upload-Offset": "0"})


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.headers["Content-Type"].split(";")[0], slug(answer)


UNAVAILABLE = (503, "application/problem+json", "store-unavailable")


WAYS: list[Away] = [renamed, unmounted, read_only]


@pytest.mark.parametrize("away", WAYS, ids=["renamed", "unmounted", "read_only"])
def test_photos_wait_while_the_folder_is_away_and_are_whole_afterwards(embedded: Manned, away: Away) -> None:
    house, keeper = embedded.house, embedded.cast.storekeeper
    seed = 10 * WAYS.index(away)
    fresh, half, shown = (jpeg(640 + seed + n, 480) for n in range(3))
    upload, sent = intend(keeper, fresh), intend(keeper, half)
    assert put(keeper, sent, half).is_success
    with jobs_wait(embedded):
        send(keeper, shown)
        with away(house.settings.data_dir / "files"):
            assert refused(put(keeper, upload, fresh)) == UNAVAILABLE
            assert refused(complete(keeper, sent)) == UNAVAILABLE
            assert refused(chunk(keeper, intend(keeper, fresh), fresh)) == UNAVAILABLE
            if away is not read_only:
                assert refused(keeper.get(keeper.at(f"/files/{sha256_of(shown)}"))) == UNAVAILABLE
            receive_lot(keeper)  # Acts go on without it.
            ready = httpx.get(f"{house.url}/api/ready")
            assert ready.status_code == 200
            before = house.worker.said.read_text()
            assert house.worker.process is not None
            os.killpg(house.worker.process.pid, signal.SIGCONT)
            whole.comes(lambda: " waits: " in house.worker.said.read_text()[len(before) :], 30)
            with db.reading(house.engine) as session:
                assert session.exec(select(Derivative).where(Derivative.sha256 == sha256_of(shown))).all() == []

    assert put(keeper, upload, fresh).is_success
    for one, content in ((upload, fresh), (sent, half)):
        assert complete(keeper, one).status_code == 200
        assert keeper.get(keeper.at(f"/files/{sha256_of(content)}")).content == content
    project = embedded.cast.project_id
    assert whole.undone(house.engine, project, 60) == []
    assert keeper.get(keeper.at(f"/files/{sha256_of(shown)}/preview")).status_code == 200
    assert whole.unread(house.engine, house.objects, project) == []
    assert whole.half_applied(house.engine, project, []) == []


@contextmanager
def jobs_wait(manned: Manned) -> Iterator[None]:
    """The worker stands still, till somebody lets it go on."""
    process = manned.house.worker.process
    assert process is not None
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)
