"""Work on site for tests: a task to build, a lot to build with, and the step that does it."""

import hashlib
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from plumbline.acts import house
from plumbline.settings import Settings
from tests.support.cast import Actor, Cast

HERE = {"lat": "31.2308", "lon": "121.4711", "accuracy_m": "6.0", "fix_age_ms": 1200}


def add_task(cast: Cast, code: str = "8F-W3", **more: Any) -> UUID:
    """A wall on the eighth floor."""
    task = uuid7()
    body = {"parent": None, "code": code, "name": "八层3号墙", "name_en": "Wall 3, 8F", "level": "element", **more}
    cast.project_manager.did("task:add", task, body)
    return task


def receive_lot(by: Actor, quantity: str = "10", **more: Any) -> UUID:
    """One truck of concrete, in m3."""
    lot = uuid7()
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": quantity, "unit": "m3", **more}
    by.did("lot:receive", lot, body)
    return lot


def pour(task: UUID, *uses: tuple[UUID, str], **more: Any) -> dict[str, Any]:
    """Body of a pour at a task, with (lot, m3) used."""
    return {
        "task": str(task),
        "kind": "concrete_pour.delivery_check",
        "definition": {"key": "concrete_pour", "version": 1},
        "lots": [{"lot": str(lot), "quantity": quantity, "unit": "m3"} for lot, quantity in uses],
        **more,
    }


def photo(content: bytes = b"a photo", role: str = "photo:e1", capture: str = "camera") -> dict[str, Any]:
    """A file as an act lists it."""
    digest = hashlib.sha256(content).hexdigest()
    return {"sha256": digest, "bytes": len(content), "mime": "image/jpeg", "role": role, "capture": capture}


def verify(cast: Cast, settings: Settings, file: dict[str, Any]) -> None:
    """The server has read the file: the house says so, as after an upload."""
    body = {"sha256": file["sha256"], "bytes": file["bytes"], "mime": file["mime"], "decodable": False}
    result = house.post(cast.engine, settings, cast.project_id, "evidence:verified", uuid7(), body)
    assert result.verdict == "applied", result


def recorded(by: Actor, task: UUID, *uses: tuple[UUID, str], **more: Any) -> tuple[UUID, str]:
    """A pour that is recorded: (step id, act id)."""
    step = uuid7()
    result = by.did("step:record", step, pour(task, *uses), **more)
    return step, result["id"]


def decide(step: UUID, decision: str = "approve", reason: str | None = None) -> dict[str, Any]:
    """Body of a project manager's decision."""
    return {"step": str(step), "stage": "project_manager", "decision": decision, "reason": reason}
