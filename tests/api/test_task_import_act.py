"""task:import: the rows travel as a file; all are added when it is verified and right, else none."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from plumbline.definitions import catalogue
from tests.support.cast import Cast
from tests.support.evidence import claim, send

GOOD = (
    "code,parent_code,name,name_en,level,plan\n"
    "8F,,八层,Floor 8,item,\n"
    "8F-W1,8F,八层1号墙,Wall 1,element,concrete_pour\n"
)
BAD = "code,parent_code,name,level\n8F,,八层,storey\n8F-W1,9F,墙,element\n"


def imported(cast: Cast, text: str, count: int) -> dict[str, Any]:
    content = text.encode()
    file = claim(content, "text/csv", "import", "document")
    body = {"file": file["sha256"], "count": count}
    return cast.project_manager.do("task:import", uuid7(), body, files=[file])


def task_codes(cast: Cast) -> set[str]:
    return {c["row"]["code"] for c in cast.foreman.feed()["changes"] if c["kind"] == "task"}


def test_an_import_waits_for_its_file_and_then_applies_by_itself(cast: Cast) -> None:
    result = imported(cast, GOOD, 2)
    assert result["verdict"] == "deferred"
    assert task_codes(cast) == set()
    send(cast.project_manager, GOOD.encode(), "text/csv")
    rows = {c["row"]["code"]: c["row"] for c in cast.foreman.feed()["changes"] if c["kind"] == "task"}
    assert set(rows) == {"8F", "8F-W1"}
    assert rows["8F-W1"]["parent_id"] == rows["8F"]["id"]
    assert rows["8F-W1"]["plan"] == "concrete_pour"


def test_an_import_with_bad_rows_adds_nothing(cast: Cast) -> None:
    send(cast.project_manager, BAD.encode(), "text/csv")
    result = imported(cast, BAD, 2)
    assert (result["verdict"], result["problem"]["type"]) == ("refused", "/problems/import-has-bad-rows")
    assert task_codes(cast) == set()


def test_an_import_that_says_another_count_adds_nothing(cast: Cast) -> None:
    send(cast.project_manager, GOOD.encode(), "text/csv")
    assert imported(cast, GOOD, 3)["verdict"] == "refused"
    assert task_codes(cast) == set()


def add(cast: Cast, code: str, **more: Any) -> str:
    body = {"code": code, "name": "墙", "level": "element", **more}
    result = cast.administrator.do("task:add", uuid7(), body)
    return "applied" if result["verdict"] == "applied" else str(result["problem"]["type"])


def test_task_codes_are_unique_and_parents_and_plans_exist(cast: Cast) -> None:
    assert add(cast, "8F-W1", plan=catalogue.plans()[0].key) == "applied"
    assert add(cast, "8F-W1") == "/problems/task-code-taken"
    assert add(cast, "8F-W2", parent=str(UUID(int=5))) == "/problems/task-unknown"
    assert add(cast, "8F-W2", plan="no_such_plan") == "/problems/plan-unknown"


def test_a_project_code_is_taken_once(cast: Cast) -> None:
    body = {"name": "x", "code": "SH-TOWER", "time_zone": "Asia/Shanghai", "site": []}
    assert cast.administrator.refusal("project:create", uuid7(), body, project=uuid7()) == "project-exists"
    assert (
        cast.administrator.refusal(
            "project:create", uuid7(), body | {"code": "B", "time_zone": "Mars"}, project=uuid7()
        )
        == "body-malformed"
    )
    assert cast.foreman.refusal("project:create", uuid7(), body | {"code": "B"}, project=uuid7()) == "not-found"
