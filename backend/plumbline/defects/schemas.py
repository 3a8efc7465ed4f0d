"""What comes in with a defect."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from plumbline.acts.fields import Note
from plumbline.acts.registry import Body
from plumbline.steps.schemas import Ids

Severity = Literal["minor", "major", "critical"]


class DefectBody(Body):
    """Body of defect:raise."""

    task: UUID
    lots: Ids = Field(default_factory=list)
    step: UUID | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: Note | None = None
    severity: Severity
