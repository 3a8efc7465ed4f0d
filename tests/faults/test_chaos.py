"""The phone's own engine on a line as sites have it: nothing lost, nothing twice, and no more bytes than it takes.

Steps are recorded without a line and then sent through delay, resets and lost answers. Time is scaled, bytes are not:
SCALE 400 means 400 ms of delay last 1 ms and 256 kbit/s carry 400 times as much. The phone's back-off is not waited
for, and its pauses within a file are cut to a tenth: the server's work is not scaled. The line lies before our own
server and before an S3 store alike. `make soak` sends 300 steps with 3 photos of 1.2 MB on both databases, and drops
the slow line at 8 moments; STEPS, PHOTO_BYTES, SCALE, SEED and MOMENTS choose.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.evidence.models import ActFileRow, EvidenceFile
from plumbline.storage.interface import evidence_key
from tests.faults.conftest import Manned
from tests.support import engine
from tests.support.chaos import Line, chaos
from tests.support.houses import House
from tests.support.programs import free_port
from tests.support.works import add_task

STEPS = int(os.environ.get("STEPS", "2"))
PHOTOS = 3
PHOTO_BYTES = int(os.environ.get("PHOTO_BYTES", "1200000"))
SCALE = float(os.environ.get("SCALE", "400"))
SEED = int(os.environ.get("SEED", "7"))
MOMENTS = int(os.environ.get("MOMENTS", "1"))
PAUSES = 10
PUBLIC = "PLUMBLINE_S3_PUBLIC_ENDPOINT"


class Ends(dict[str, int]):
    """Ports by the kind of house; with the stack the API gets its own settings back."""

    def __init__(self, stack: ExitStack) -> None:
        super().__init__()
        self._stack = stack

    def of(self, place: House) -> int:
        """The port, which phones are told from now on."""
        if place.kind not in self:
            self[place.kind] = free_port()
            self._stack.callback(_restart, place, place.api.env)
            _restart(place, {**place.api.env, PUBLIC: f"http://127.0.0.1:{self[place.kind]}"})
        return self[place.kind]


@pytest.fixture(scope="module")
def ends() -> Iterator[Ends]:
    """The ports at which phones find the store of each house during this module: the API begins anew for it once."""
    with ExitStack() as stack:
        yield Ends(stack)


@contextmanager
def lines_to(place: House, like: Line, ends: Ends) -> Iterator[list[Line]]:
    """Lines before the API and, where there is one, the S3 store; phones are told the store's address on its line."""
    with ExitStack() as stack:
        lines = [stack.enter_context(chaos(_port(place.url), like))]
        if place.store:
            second = replace(like, seed=like.seed + 1, port=ends.of(place))
            lines.append(stack.enter_context(chaos(_port(place.settings.s3_endpoint), second)))
        yield lines


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def _restart(place: House, env: Mapping[str, str]) -> None:
    place.api.stop()
    place.api.env = env
    place.api.start()


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
    manned: Manned, ends: Ends, record_property: Callable[[str, object], None]
) -> None:
    place, cast = manned.house, manned.cast
    task = str(add_task(cast, code=f"CHAOS-{place.kind}"))
    asked = {"STEPS": STEPS, "PHOTOS": PHOTOS, "PHOTO_BYTES": PHOTO_BYTES, "LOGIN": cast.foreman.login}
    rough = Line(256_000 / 8 * SCALE, 0.4 / SCALE, 100_000, 0.05, 0.1, seed=SEED)
    with lines_to(place, rough, ends) as lines:
        url = f"http://127.0.0.1:{lines[0].port}"
        engine.run("chaos", url, timeout_s=3 * 3600, PROJECT=cast.project_id, TASK=task, PAUSES=PAUSES, **asked)

    steps, files = arrived(place, cast.project_id, task)
    ratio = sum(line.up_bytes for line in lines) / (STEPS * PHOTOS * PHOTO_BYTES)
    resets, dropped = sum(line.resets for line in lines), sum(line.answers_dropped for line in lines)
    early = files_before_the_last_step(place, steps)
    record_property(
        f"bad line, {place.kind}",
        f"{STEPS} steps × {PHOTOS} photos of {PHOTO_BYTES:,} bytes, time scaled {SCALE:g}×: lost {STEPS - len(steps)}, "
        f"duplicated {len(steps) - len({s.object_id for s in steps})}, wrong hash {len(wrong_hashes(place, files))}, "
        f"photos before the last step {early}, resets {resets}, answers dropped {dropped}, "
        f"bytes sent {ratio:.3f} × payload; aim ≤ 1.25",
    )
    assert [row.verdict for row in steps] == ["applied"] * STEPS
    assert len({row.object_id for row in steps}) == STEPS
    assert len(files) == STEPS * PHOTOS
    assert wrong_hashes(place, files) == []
    assert early <= 0.05 * STEPS * PHOTOS
    assert resets + dropped > 0, "Nothing went wrong on this line: the run says nothing."
    assert 0.95 <= ratio <= 1.25


def ratio_of_a_slow_line(
    manned: Manned, ends: Ends, name: str, scale: float, first_drop_s: float, **asked: object
) -> float:
    """Send one photo of 1.5 MB over 64 kbit/s with a drop each 60 s; returns the bytes sent for each byte of it."""
    place, cast, size = manned.house, manned.cast, 1_500_000
    task = add_task(cast, code=f"DROPS-{place.kind}-{name}")
    asked |= {"LOGIN": cast.foreman.login, "PROJECT": cast.project_id, "TASK": task, "PAUSES": PAUSES}
    slow = Line(up_bytes_s=8000 * scale, drop_every_s=60 / scale, first_drop_s=first_drop_s / scale)
    with lines_to(place, slow, ends) as lines:
        engine.run("chaos", f"http://127.0.0.1:{lines[0].port}", STEPS=1, PHOTOS=1, PHOTO_BYTES=size, **asked)
    assert sum(line.drops for line in lines) > 0
    steps, files = arrived(place, cast.project_id, str(task))
    assert (len(steps), len(files), wrong_hashes(place, files)) == (1, 1, [])
    return sum(line.up_bytes for line in lines) / size


def test_a_photo_gets_through_a_line_that_drops_each_minute(
    manned: Manned, ends: Ends, record_property: Callable[[str, object], None]
) -> None:
    """Line and drops are scaled alike; bytes are not. MOMENTS of the first drop are tried, spread over the minute."""
    scale = 30.0
    moments = [60 * (n + 0.5) / MOMENTS for n in range(MOMENTS)]
    ratios = [ratio_of_a_slow_line(manned, ends, f"{at:g}", scale, at) for at in moments]
    record_property(
        f"64 kbit/s with a drop each 60 s, {manned.house.kind}",
        f"one photo of 1,500,000 bytes, first drop after {', '.join(f'{at:g}' for at in moments)} s, "
        f"time scaled {scale:g}×: at worst {max(ratios):.3f} × bytes; aim ≤ 1.3",
    )
    assert 1 <= min(ratios) <= max(ratios) <= 1.3


@pytest.mark.skipif(MOMENTS == 1, reason="it takes a minute for each moment of the drop: `make soak` tries eight")
def test_a_line_that_was_good_a_minute_ago_costs_little_more(
    manned: Manned, ends: Ends, record_property: Callable[[str, object], None]
) -> None:
    """The photo begins whole, for that is what the line was worth; the phone's patience is scaled with the line."""
    scale = 6.0
    moments = [60 * (n + 0.5) / MOMENTS for n in range(MOMENTS)]
    ratios = [
        ratio_of_a_slow_line(manned, ends, f"good-{at:g}", scale, at, CARRIED=2_000_000, LIMITS=scale) for at in moments
    ]
    record_property(
        f"64 kbit/s with a drop each 60 s, good a minute ago, {manned.house.kind}",
        f"one photo of 1,500,000 bytes, first drop after {', '.join(f'{at:g}' for at in moments)} s, "
        f"time scaled {scale:g}×: at worst {max(ratios):.3f} × bytes; aim ≤ 1.3",
    )
    assert 1 <= min(ratios) <= max(ratios) <= 1.3
