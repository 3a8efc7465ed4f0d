"""Clocks three hours ahead, two days behind, set while nobody is asked, in other zones: nothing is refused."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.faults.conftest import Manned
from tests.faults.working import by_id, foreman
from tests.support import engine
from tests.support.works import add_task


def test_no_clock_refuses_anything_and_each_says_how_wrong_it_is(
    manned: Manned, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    place, cast = manned.house, manned.cast
    task = add_task(cast, code=f"CLOCK-{place.kind}")
    actor = foreman(manned, f"clock-{place.kind}")
    asked = {"LOGIN": actor.login, "PROJECT": cast.project_id, "TASK": task, "REPORT": tmp_path / "said.json"}
    engine.run("clock", place.url, **asked)

    said = json.loads((tmp_path / "said.json").read_text())
    kept = by_id(place, said["acts"])
    refused = [row for row in kept.values() if row.verdict != "applied"]
    numbers = [kept[id].number or 0 for id in said["acts"]]
    record_property(
        f"wrong clocks, {place.kind}",
        f"{len(kept)} acts at +3 h, −2 days, jumps, daylight saving, zones: lost {len(said['acts']) - len(kept)}, "
        f"refused {len(refused)}, order kept: {numbers == sorted(numbers)}, skew off by at most {said['worst_ms']} ms",
    )
    assert (len(kept), refused) == (len(said["acts"]), [])
    assert numbers == sorted(numbers)
    assert said["worst_ms"] <= 2000
