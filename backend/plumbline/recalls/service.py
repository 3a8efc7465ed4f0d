"""What the pages of recalls ask beyond the feed: what would be reached, who knows, and the same heat elsewhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.identity.models import Device, DevicePerson, Membership, Person, RefreshToken
from plumbline.materials.models import Lot
from plumbline.materials.rows import status_of
from plumbline.materials.service import plain
from plumbline.problems import NotFound
from plumbline.projects.models import Project
from plumbline.recalls import scope
from plumbline.recalls.errors import RecallNothingFound
from plumbline.recalls.models import Recall, RecallAck, RecallItem, RecallStart
from plumbline.recalls.schemas import (
    About,
    ElsewhereLot,
    ElsewhereOut,
    KnowledgeOut,
    KnowsOut,
    PhoneOut,
    PreviewOut,
)
from plumbline.trace.walk import reached

MOST_ELSEWHERE = 200


def get(session: Session, project_id: UUID, recall_id: UUID) -> Recall:
    """A recall of the project. Raises NotFound."""
    recall = session.get(Recall, recall_id)
    if recall is None or recall.project_id != project_id:
        raise NotFound
    return recall


def preview(session: Session, project_id: UUID, about: About) -> PreviewOut:
    """What a recall on this would stop, and what would be stopped without a trace; nothing is written.

    Raises RecallThingUnknown, RecallNothingFound.
    """
    scope.check_things(session, project_id, about)
    seeds = scope.starts(session, project_id, about)
    begun = len(session.execute(seeds).all())
    if not begun:
        raise RecallNothingFound
    tree = reached(project_id, seeds)
    inside = col(Lot.id).in_(sa_select(tree.c.id))
    on_hand = (
        sa_select(col(Lot.material), col(Lot.unit), func.sum(Lot.on_hand))
        .where(col(Lot.project_id) == project_id, inside)
        .group_by(col(Lot.material), col(Lot.unit))
        .order_by(col(Lot.material), col(Lot.unit))
    )
    held = sa_select(col(Recall.code)).where(
        col(Recall.id).in_(sa_select(col(Lot.recall_id)).where(col(Lot.project_id) == project_id, inside))
    )
    found = scope.count(session, project_id, tree)
    return PreviewOut(
        starts=begun,
        nodes=found.nodes,
        narrow=scope.narrow(session, project_id, seeds, found),
        quantities=[{"material": m, "unit": u, "on_hand": plain(q)} for m, u, q in session.execute(on_hand)],
        already=sorted(session.execute(held).scalars()),
    )


def knowledge(session: Session, project_id: UUID, recall: Recall) -> KnowledgeOut:
    """Every member with their phones: who has acknowledged, and when a silent phone last spoke to the server."""
    members = session.exec(
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.project_id == project_id, Membership.state == "active")
        .order_by(Person.display_name, col(Person.id))
    ).all()
    people = [person.id for _, person in members]
    acks: dict[UUID, dict[UUID, datetime]] = {}
    for ack in session.exec(select(RecallAck).where(RecallAck.recall_id == recall.id)):
        acks.setdefault(ack.person_id, {})[ack.device_id] = ack.at
    phones = _phones(session, project_id, people, acks)
    holding = set(
        session.exec(
            select(RecallItem.crew_id).where(RecallItem.project_id == project_id, RecallItem.recall_id == recall.id)
        )
    ) - {None}
    return KnowledgeOut(
        people=[
            KnowsOut(
                person_id=person.id,
                display_name=person.display_name,
                organization_id=member.organization_id,
                roles=member.roles,
                is_holder=member.crew_id in holding,
                acknowledged_at=min(acks.get(person.id, {}).values(), default=None),
                devices=phones.get(person.id, []),
            )
            for member, person in members
        ]
    )


def _phones(
    session: Session, project_id: UUID, people: list[UUID], acks: dict[UUID, dict[UUID, datetime]]
) -> dict[UUID, list[PhoneOut]]:
    """Devices in use, by person. The last contact is the newest sign of life: a renewed session, or an act."""
    enrolled = session.exec(
        select(DevicePerson.person_id, Device)
        .join(Device, col(Device.id) == col(DevicePerson.device_id))
        .where(col(DevicePerson.person_id).in_(people), col(Device.revoked_at).is_(None))
        .order_by(Device.label, col(Device.id))
    ).all()
    renewed = _newest(session, RefreshToken.device_id, RefreshToken.issued_at, col(RefreshToken.person_id).in_(people))
    acted = _newest(session, ActRow.device_id, ActRow.received_at, col(ActRow.project_id) == project_id)
    found: dict[UUID, list[PhoneOut]] = {}
    for person_id, device in enrolled:
        signs = [at for at in (renewed.get(device.id), acted.get(device.id)) if at is not None]
        phone = PhoneOut(
            device_id=device.id,
            label=device.label,
            last_contact_at=max(signs, default=None),
            acknowledged_at=acks.get(person_id, {}).get(device.id),
        )
        found.setdefault(person_id, []).append(phone)
    return found


def _newest(session: Session, device: Any, at: Any, which: Any) -> dict[UUID, datetime]:
    rows = session.execute(sa_select(device, func.max(at)).where(which).group_by(device))
    return {row[0]: row[1] for row in rows}


def elsewhere(session: Session, project_id: UUID, recall: Recall, project_ids: list[UUID]) -> ElsewhereOut:
    """Lots with manufacturer and heat (or batch) of the recall's received lots, in the reader's other projects."""
    starts = select(Lot.manufacturer, Lot.heat_no, Lot.batch_no, Lot.material).join(
        RecallStart, col(RecallStart.node_id) == col(Lot.id)
    )
    same = [
        (col(Lot.material) == material)
        & (number[0] == number[1])
        & (col(Lot.manufacturer) == manufacturer if manufacturer else col(Lot.manufacturer).is_(None))
        for manufacturer, heat, batch, material in set(session.exec(starts.where(RecallStart.recall_id == recall.id)))
        for number in ((col(Lot.heat_no), heat), (col(Lot.batch_no), batch))
        if number[1]
    ]
    others = [id for id in project_ids if id != project_id]
    if not same or not others:
        return ElsewhereOut(lots=[])
    found = session.exec(
        select(Lot, Project)
        .join(Project, col(Project.id) == col(Lot.project_id))
        .where(col(Lot.project_id).in_(others), col(Lot.parent_id).is_(None), or_(*same))
        .order_by(Project.code, Lot.code)
        .limit(MOST_ELSEWHERE)
    )
    return ElsewhereOut(lots=[_elsewhere(lot, project) for lot, project in found])


def _elsewhere(lot: Lot, project: Project) -> ElsewhereLot:
    return ElsewhereLot(
        project_id=project.id,
        project_name=project.name,
        project_name_en=project.name_en,
        lot_id=lot.id,
        code=lot.code,
        heat_no=lot.heat_no or lot.batch_no or "",
        manufacturer=lot.manufacturer,
        status=status_of(lot),
        on_hand=plain(lot.on_hand),
        unit=lot.unit,
    )
