"""What comes in with a decision, and how it is shown."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from plumbline.acts.fields import Note
from plumbline.acts.registry import Body

Choice = Literal["approve", "reject", "ask"]


class DecisionBody(Body):
    """Body of approval:decide; `reason` is needed for reject and ask."""

    step: UUID
    stage: Literal["project_manager"]
    decision: Choice
    reason: Note | None = None


class DecisionOut(BaseModel):
    """One decision as a step carries it."""

    id: UUID
    stage: str
    decision: Choice
    reason: str | None
    by: UUID
    at: str
    act_id: UUID
