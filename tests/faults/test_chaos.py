"""The phone's own engine on a line as sites have it: nothing lost, nothing twice, and no more bytes than it takes.

Steps are recorded without a line and then sent through delay, resets and lost answers. Time is scaled, bytes are not:
SCALE 400 means 400 ms of delay last 1 ms and 256 kbit/s carry 400 times as much; the phone's back-off is not waited
for. `make soak` sends 300 steps with 3 photos of 1.2 MB on both databases; STEPS, PHOTO_BYTES, SCALE and SEED choose.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.evidence.models import ActFileRow, EvidenceFile
from plumbline.settings import ROOT
from plumbline.storage.interface import evidence_key
from tests.faults.conftest import Manned
from tests.support.cast import PASSWORD
from tests.support.chaos import Line, chaos
from tests.support.houses import House
from tests.support.works import add_task

STEPS = int(os.environ.get("STEPS", "4"))
PHOTOS = 3
PHOTO_BYTES = int(os.environ.get("PHOTO_BYTES", "1200000"))
SCALE = float(os.environ.get("SCALE", "400"))
SEED = int(os.environ.get("SEED", "7"))
ENGINE = Path(sys.executable).with_name("node")


def send_all(line: Line, project: str, task: str) -> subprocess.CompletedProcess[str]:
    """Have the engine record and send everything over the line."""
    asked = {"STEPS": STEPS, "PHOTOS": PHOTOS, "PHOTO_BYTES": PHOTO_BYTES}
    env = {**os.environ, "PATH": f"{ENGINE.parent}{os.pathsep}{os.environ['PATH']}", "CHAOS_LOGIN": "foreman"}
    env |= {"CHAOS_URL": f"http://127.0.0.1:{line.port}", "CHAOS_PASSWORD": PASSWORD}
    env |= {"CHAOS_PROJECT": project, "CHAOS_TASK": task, **{f"CHAOS_{name}": str(v) for name, v in asked.items()}}
    command = [str(ROOT / "pwa" / "node_modules" / ".bin" / "vitest"), "run", "tests/live/chaos.test.ts"]
    return subprocess.run(command, cwd=ROOT / "pwa", env=env, capture_output=True, text=True, check=False, timeout=3600)


def arrived(place: House, project_id: UUID, task: str) -> tuple[list[ActRow], list[EvidenceFile]]:
    """The steps at this task as the server holds them, by number, and the files that they list."""
    with Session(place.engine) as session:
        mine = select(ActRow).where(ActRow.project_id == project_id, ActRow.type == "step:record")
        steps = [row for row in session.exec(mine.order_by(col(ActRow.number))) if task in row.payload.decode()]
        listed = select(ActFileRow.sha256).where(col(ActFileRow.act_id).in_([row.id for row in steps]))
        files = select(EvidenceFile).where(EvidenceFile.project_id == project_id, col(EvidenceFile.sha256).in_(listed))
        return steps, list(session.exec(files))


def wrong_hashes(place: House, files: list[EvidenceFile]) -> list[str]:
    """Files whose bytes in the store are not what their name says; the store is read by the test itself."""
    wrong = []
    for file in files:
        digest = hashlib.sha256()
        for piece in place.objects.read(evidence_key(file.project_id, file.sha256)):
            digest.update(piece)
        wrong += [] if digest.hexdigest() == file.sha256 and file.status == "verified" else [file.sha256]
    return wrong


def files_before_the_last_step(place: House, steps: list[ActRow]) -> int:
    """How many files were verified between the first and the last step: photos never go before records."""
    with Session(place.engine) as session:
        between = (col(ActRow.number) > steps[0].number, col(ActRow.number) < steps[-1].number)
        verified = select(ActRow.id).where(
            ActRow.project_id == steps[0].project_id, ActRow.type == "evidence:verified", *between
        )
        return len(session.exec(verified).all())


def test_a_bad_line_loses_nothing_doubles_nothing_and_wastes_little(
    manned: Manned, capsys: pytest.CaptureFixture[str]
) -> None:
    place, cast = manned.house, manned.cast
    task = str(add_task(cast, code=f"CHAOS-{place.kind}"))
    rough = Line(256_000 / 8 * SCALE, 0.4 / SCALE, 100_000, 0.05, 0.1, seed=SEED)
    with chaos(int(place.url.rsplit(":", 1)[1]), rough) as line:
        told = send_all(line, str(cast.project_id), task)
    assert told.returncode == 0, told.stdout[-5000:] + told.stderr[-3000:]

    steps, files = arrived(place, cast.project_id, task)
    ratio = line.up_bytes / (STEPS * PHOTOS * PHOTO_BYTES)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  bad line, {place.kind}: {STEPS} steps × {PHOTOS} photos of {PHOTO_BYTES:,} bytes, time scaled "
            f"{SCALE:g}×: lost {STEPS - len(steps)}, duplicated {len(steps) - len({s.object_id for s in steps})}, "
            f"resets {line.resets}, answers dropped {line.answers_dropped}, bytes sent {ratio:.3f} × payload; "
            "aim ≤ 1.25\n"
        )
    assert [row.verdict for row in steps] == ["applied"] * STEPS
    assert len({row.object_id for row in steps}) == STEPS
    assert len(files) == STEPS * PHOTOS
    assert wrong_hashes(place, files) == []
    assert files_before_the_last_step(place, steps) <= 0.05 * STEPS * PHOTOS
    assert line.resets + line.answers_dropped > 0, "Nothing went wrong on this line: the run says nothing."
    if place.kind == "sqlite":  # With S3 the first photos go straight to the store, past the line.
        assert 0.95 <= ratio <= 1.25
