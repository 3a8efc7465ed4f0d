"""The job that makes derivatives: 1600 and 320 px JPEG of a verified picture, in a separate process."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from plumbline import db
from plumbline.acts.intake import insert_new
from plumbline.evidence import pictures
from plumbline.evidence.models import Derivative
from plumbline.jobs import Context, job
from plumbline.storage.interface import derived_key, evidence_key


@job("derive")
def derive(context: Context, project: str, sha256: str) -> None:
    """Make what is missing and note it. Raises StoreUnavailable, StoreFull; running again is safe."""
    project_id = UUID(project)
    with tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        original = Path(folder) / "original"
        with original.open("wb") as out:
            for chunk in context.store.read(evidence_key(project_id, sha256)):
                out.write(chunk)
        answer = pictures.derive(original, Path(folder))
        rows = [_stored(context, project_id, sha256, made, Path(folder)) for made in answer["made"]]
    if not rows:
        rows = [_row(project_id, sha256, size, "impossible") | {"note": answer["note"]} for size in pictures.SIZES_PX]
    with db.writing(context.engine) as session:
        _note(session, rows)


def _row(project_id: UUID, sha256: str, size_px: int, state: str) -> dict[str, Any]:
    empty = {"bytes": None, "width_px": None, "height_px": None, "note": None}
    return {"project_id": project_id, "sha256": sha256, "size_px": size_px, "state": state, **empty}


def _stored(context: Context, project_id: UUID, sha256: str, made: dict[str, Any], folder: Path) -> dict[str, Any]:
    content = (folder / f"{made['size']}.jpg").read_bytes()
    context.store.put(derived_key(project_id, sha256, made["size"]), [content])
    found = {"bytes": len(content), "width_px": made["width"], "height_px": made["height"]}
    return _row(project_id, sha256, made["size"], "ready") | found


def _note(session: Session, rows: list[dict[str, Any]]) -> None:
    insert_new(session, Derivative, rows, ["project_id", "sha256", "size_px"])
