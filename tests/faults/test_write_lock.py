"""While one process writes the embedded database, each command in another process waits, and then does its work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from plumbline import db
from plumbline.settings import ROOT, load
from tests.faults import whole
from tests.faults.conftest import Manned
from tests.faults.test_graceful_stop import RECEIPT, InFlight
from tests.support.databases import make_tables
from tests.support.evidence import send, sha256_of
from tests.support.photos import jpeg

PASSWORD = b"a long enough one\n"


def begin(values: Mapping[str, str], *arguments: str) -> "subprocess.Popen[bytes]":
    """A command of the product, with a password on its standard input for those that ask."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    env |= {f"PLUMBLINE_{key.upper()}": value for key, value in values.items()}
    command = [sys.executable, "-m", "plumbline", *arguments]
    process = subprocess.Popen(command, env=env, stdin=-1, stdout=-1, stderr=subprocess.STDOUT)
    assert process.stdin is not None
    process.stdin.write(PASSWORD)
    process.stdin.flush()
    return process


@pytest.fixture
def commands() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """What the test began; nothing of it is left afterwards."""
    began: list[subprocess.Popen[bytes]] = []
    yield began
    for process in began:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def ends(process: "subprocess.Popen[bytes]", word: str, status: int = 0) -> None:
    """With this status and word."""
    said = process.communicate(timeout=60)[0].decode()
    assert process.returncode == status, said
    assert "Traceback" not in said, said
    assert word in said, said


def waiters() -> set[int]:
    """The processes that the kernel lets wait for a lock on a file."""
    lines = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return {int(words[5]) for words in lines if words[1] == "->" and words[2] == "FLOCK"}


def come_to_wait(*processes: "subprocess.Popen[bytes]") -> None:
    """Until each stands in line."""
    end = time.monotonic() + 60
    while not {process.pid for process in processes} <= waiters():
        assert time.monotonic() < end, "somebody does not come to wait"
        assert not [process.args for process in processes if process.poll() is not None], "somebody did not wait"
        time.sleep(0.05)


def test_every_command_waits_while_another_process_writes_and_nothing_is_lost(
    embedded: Manned, tmp_path: Path, commands: list["subprocess.Popen[bytes]"]
) -> None:
    house, keeper, content = embedded.house, embedded.cast.storekeeper, jpeg(691, 480)
    assert house.worker.process is not None
    os.killpg(house.worker.process.pid, signal.SIGSTOP)
    send(keeper, content)
    with ExitStack() as held:
        held.enter_context(db.writing(house.engine)).execute(text("DELETE FROM place WHERE 1 = 0"))
        os.killpg(house.worker.process.pid, signal.SIGCONT)
        flight = InFlight(house, keeper, keeper.act("lot:receive", uuid7(), RECEIPT))
        writers = {
            "present schema already": begin(house.values, "migrate"),  # It sees to the tables of the jobs.
            "can sign in": begin(house.values, "admin", "create", "--login", "zhang", "--name", "张敏"),
            "as the acts draw them now": begin(house.values, "rebuild", "--yes"),
        }
        commands.extend(writers.values())
        # They read: whoever writes is no reason to wait.
        readers = {
            "Database: ": begin(house.values, "backup", str(tmp_path / "backup")),
            "0 differences": begin(house.values, "rebuild", "--check"),
        }
        commands.extend(readers.values())
        for word, reader in readers.items():
            ends(reader, word)
        come_to_wait(*writers.values())
        assert flight.got is None
        held.close()
        for word, writer in writers.items():
            ends(writer, word)
    assert flight.result()["verdict"] == "applied"
    assert whole.undone(house.engine, embedded.cast.project_id, 60) == []
    assert keeper.get(keeper.at(f"/files/{sha256_of(content)}/preview")).status_code == 200
    assert whole.half_applied(house.engine, embedded.cast.project_id, []) == []
    for program in (house.api, house.worker):
        assert "database is locked" not in program.said.read_text()


def test_nothing_is_restored_over_a_database_that_another_process_has_open(embedded: Manned, tmp_path: Path) -> None:
    there = {**embedded.house.values, "data_dir": str(tmp_path / "there")}
    settings, folder = load(**there), str(tmp_path / "backup")
    make_tables(settings)
    ends(begin(embedded.house.values, "backup", folder), "Database: ")
    with db.opened(settings) as engine:
        with db.writing(engine) as session:
            session.execute(text("DELETE FROM place WHERE 1 = 0"))
            ends(begin(there, "restore", folder), "Stop the server and the workers", status=2)
        ends(begin(there, "restore", folder), "Stop the server and the workers", status=2)
        assert not (settings.data_dir / "files").exists()
        assert not (settings.data_dir / "secrets").exists()

    ends(begin(there, "restore", folder), "acts, as in the backup")
