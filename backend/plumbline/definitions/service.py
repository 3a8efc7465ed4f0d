"""Find definitions: a project's own versions, and the shipped ones below them."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.definitions import catalogue
from plumbline.definitions.catalogue import SHIPPED_VERSION, Definition, StepKind
from plumbline.definitions.models import DefinitionRow


def get(session: Session, project_id: UUID, kind: str, key: str, version: int | None = None) -> Definition | None:
    """One version of a definition as this project sees it; without `version` the newest. None: not known (yet).

    A project's row wins over the shipped definition of the same version.
    """
    wanted = select(DefinitionRow).where(
        DefinitionRow.project_id == project_id, DefinitionRow.kind == kind, DefinitionRow.key == key
    )
    if version is not None:
        wanted = wanted.where(DefinitionRow.version == version)
    row = session.exec(wanted.order_by(col(DefinitionRow.version).desc()).limit(1)).first()
    if row is not None:
        return Definition(row.kind, row.key, row.version, row.content_sha256, row.body)
    return catalogue.shipped().get((kind, key)) if version in (None, SHIPPED_VERSION) else None


def step_kind(session: Session, project_id: UUID, name: str, version: int) -> StepKind | None:
    """The step `plan.step` in a version of its plan, or None when plan, version or step is not known."""
    found = get(session, project_id, "plan", name.partition(".")[0], version)
    return None if found is None else catalogue.step_of(found, name)
