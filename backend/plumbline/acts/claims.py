"""What signed bytes say of themselves, read without trusting them: also of bytes that could become no act."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Claims:
    """Members of a payload that have their right type; None for each that is missing or is something else."""

    id: UUID | None = None
    type: str | None = None
    project: UUID | None = None
    object: UUID | None = None
    actor: UUID | None = None
    seq: int | None = None
    prev: str | None = None
    wall: str | None = None


def claims_of(raw: bytes) -> Claims:
    """The claims of a payload; none of them when it is no JSON object. Never raises."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return Claims()
    if not isinstance(found, dict):
        return Claims()
    at = found.get("at")
    return Claims(
        **{name: _uuid(found.get(name)) for name in ("id", "project", "object", "actor")},
        type=_text(found.get("type"), 60),
        seq=_seq(found.get("seq")),
        prev=_text(found.get("prev"), 64),
        wall=_text(at.get("wall"), 40) if isinstance(at, dict) else None,
    )


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _text(value: Any, longest: int) -> str | None:
    # A lone surrogate can be no UTF-8, and NUL can be stored nowhere: such text is no text.
    is_text = isinstance(value, str) and len(value) <= longest and value.isprintable()
    return value if is_text else None


def _seq(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 2**53 else None
