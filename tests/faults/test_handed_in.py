"""A phone that cannot send: its export is handed in at a desk, twice, and the phone sends later all the same."""

from tests.faults.conftest import Manned
from tests.faults.test_chaos import arrived, wrong_hashes
from tests.support import engine
from tests.support.works import add_task

STEPS = 3


def test_an_export_that_is_handed_in_and_sent_besides_is_there_once(manned: Manned) -> None:
    place, cast = manned.house, manned.cast
    task = str(add_task(cast, code=f"EXPORT-{place.kind}"))
    people = {"LOGIN": cast.foreman.login, "OTHER": cast.project_manager.login}
    engine.run("handin", place.url, PROJECT=cast.project_id, TASK=task, **people)

    steps, files = arrived(place, cast.project_id, task)
    assert [(row.verdict, row.actor_id) for row in steps] == [("applied", cast.foreman.person_id)] * STEPS
    assert {row.handed_in_by for row in steps} == {cast.project_manager.person_id}
    assert len({row.object_id for row in steps}) == STEPS
    assert [file.status for file in files] == ["verified"] * 2 * STEPS
    assert wrong_hashes(place, files) == []
    assert len({file.verified_act_id for file in files}) == 2 * STEPS
