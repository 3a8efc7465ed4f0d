"""Bodies of the acts on rolls, labels and marks, and what their routes answer."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from plumbline.acts.fields import Qr
from plumbline.acts.registry import Body
from plumbline.marks.reading import MarkKind

MOST_ON_ROLL = 2000
ThingKind = Literal["lot", "task", "place", "equipment"]


class RollBody(Body):
    """roll:reserve. `seed` is 32 random bytes as lower-case hex, made where the act is; the codes follow from it."""

    count: int = Field(ge=1, le=MOST_ON_ROLL)
    seed: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    note: Annotated[str, StringConstraints(max_length=200)] | None = None


class PrintBody(Body):
    """roll:print: the labels from `first` to `last` (running numbers) were printed."""

    first: int = Field(ge=1, le=MOST_ON_ROLL)
    last: int = Field(ge=1, le=MOST_ON_ROLL)


class LabelBody(Body):
    """label:bind: a blank or new label on a thing that is there already; the object is the thing."""

    kind: ThingKind
    code: Qr


class MarkBody(Body):
    """mark:bind. `text` is what the reader gave, control signs included; `value` is what the phone made of it."""

    kind: MarkKind
    text: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]+$")]
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    thing_kind: ThingKind
    thing: UUID


class ReleaseMarkBody(Body):
    """mark:release: the mark is no longer on the thing, or was bound by mistake."""

    reason: Annotated[str, StringConstraints(max_length=500)] | None = None


class MarkOut(BaseModel):
    """A mark that stands on a thing of the project."""

    id: UUID
    kind: str
    text: str
    value: str
    thing_kind: ThingKind
    thing_id: UUID


class MarksOut(BaseModel):
    """What was read, in its normal form and by its GS1 elements, and where this mark stands."""

    value: str
    elements: dict[str, str]
    marks: list[MarkOut]
