"""What must hold before a step is recorded: everything it names belongs to the project."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from plumbline.acts.gathering import find
from plumbline.acts.transaction import Act, Tx
from plumbline.definitions.answers import answer_errors
from plumbline.identity.errors import CrewUnknown
from plumbline.identity.models import Crew, Equipment, Membership
from plumbline.steps import clock
from plumbline.steps.errors import AnswersUnreadable, EquipmentUnknown, PersonNotMember, StepExists
from plumbline.steps.models import StepRecord


def is_new(tx: Tx, act: Act) -> None:
    """Raises StepExists when the id of the step is taken, in whatever project."""
    if find(tx.session, StepRecord, act.object_id) is not None:
        raise StepExists(step=act.object_id)


def answers(form: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Raises AnswersUnreadable with a sentence for each answer that is no number, option or day where one is due."""
    errors = answer_errors(form, said)
    if not errors:
        return
    names = {field["id"]: field["names"] for field in form["fields"]}
    what = [_joined(names.get(e.field, {"zh": e.field, "en": e.field}), e.problem) for e in errors]
    raise AnswersUnreadable(what=what, fields=[e.field for e in errors])


def _joined(name: Mapping[str, str], sentence: Mapping[str, str]) -> dict[str, str]:
    return {"zh": f"“{name['zh']}”{sentence['zh']}", "en": f"“{name['en']}” {sentence['en']}"}


def crew(session: Session, project_id: UUID, crew_id: UUID | None) -> None:
    """Raises CrewUnknown when a crew is named that the project does not have."""
    if crew_id is None:
        return
    found = find(session, Crew, crew_id)
    if found is None or found.project_id != project_id:
        raise CrewUnknown(crew=crew_id)


def people(session: Session, project_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """Former members among them; they count, for they may have worked before they were removed.

    Raises PersonNotMember.
    """
    found = {id: find(session, Membership, (project_id, id)) for id in ids}
    unknown = {id for id, member in found.items() if member is None}
    if unknown:
        raise PersonNotMember(count=len(unknown), people=sorted(str(id) for id in unknown))
    return [id for id, member in found.items() if member and member.state != "active"]


def machines(session: Session, act: Act, ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Each machine, and whether its calibration had run out on the day of the act. Raises EquipmentUnknown."""
    machines = [machine for id in ids if (machine := find(session, Equipment, id))]
    found = {m.id: m.calibration_due_on for m in machines if m.project_id == act.project_id}
    unknown = set(ids) - set(found)
    if unknown:
        raise EquipmentUnknown(count=len(unknown), equipment=sorted(str(id) for id in unknown))
    day = clock.day_on_site(act)
    return {id: due is not None and due < day for id, due in found.items()}
