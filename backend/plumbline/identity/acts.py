"""What applies to people, organizations, crews and equipment, and how the feed shows them."""

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.acts.registry import applies, feed_row
from plumbline.acts.transaction import Act, Tx
from plumbline.identity.errors import (
    AlreadyAdded,
    LastAdministrator,
    NotAMember,
    ObjectNotPerson,
    PersonUnknown,
)
from plumbline.identity.invites import check_place, check_roles
from plumbline.identity.models import (
    ApiKey,
    Crew,
    DevicePerson,
    Equipment,
    Invite,
    Membership,
    Organization,
    Person,
)
from plumbline.identity.roles import Role
from plumbline.identity.schemas import AdmissionBody, CrewBody, EquipmentBody, OrganizationBody, RemovalBody
from plumbline.projects.service import bind_code
from plumbline.steps.models import StepPerson
from plumbline.suppliers.models import Supplier

Added = TypeVar("Added", Organization, Crew, Equipment)


@applies("organization:add", OrganizationBody)
def add_organization(tx: Tx, act: Act, body: OrganizationBody) -> None:
    """Add an organization. Raises AlreadyAdded."""
    _refuse_second(tx.session, Organization, act.object_id, body.name)
    tx.session.add(Organization(id=act.object_id, project_id=act.project_id, **body.model_dump()))
    tx.touch("organization", act.object_id)


@applies("crew:add", CrewBody)
def add_crew(tx: Tx, act: Act, body: CrewBody) -> None:
    """Add a crew of an organization. Raises AlreadyAdded, OrganizationUnknown."""
    _refuse_second(tx.session, Crew, act.object_id, body.name)
    check_place(tx.session, act.project_id, body.organization, None)
    tx.session.add(
        Crew(
            id=act.object_id,
            project_id=act.project_id,
            name=body.name,
            name_en=body.name_en,
            organization_id=body.organization,
            trade=body.trade,
        )
    )
    tx.touch("crew", act.object_id)


@applies("equipment:add", EquipmentBody)
def add_equipment(tx: Tx, act: Act, body: EquipmentBody) -> None:
    """Add a machine or instrument. Raises AlreadyAdded for its id or its code, CodeTaken for its label."""
    _refuse_second(tx.session, Equipment, act.object_id, body.name)
    bind_code(tx, act.project_id, body.qr, "equipment", act.object_id)
    same_code = select(Equipment.id).where(Equipment.project_id == act.project_id, Equipment.code == body.code)
    if tx.session.exec(same_code).first():
        raise AlreadyAdded(name=body.code)
    tx.session.add(Equipment(id=act.object_id, project_id=act.project_id, **body.model_dump()))
    tx.touch("equipment", act.object_id)


def _refuse_second(session: Session, table: type[Added], id: UUID, name: str) -> None:
    # A select and not session.get, so that what an earlier act of the same batch added is seen too.
    if session.exec(select(table.id).where(table.id == id)).first():
        raise AlreadyAdded(name=name)


@applies("member:admit", AdmissionBody)
def admit(tx: Tx, act: Act, body: AdmissionBody) -> None:
    """Make a person a member, or change a member's organization, roles and crew; confirms their invitation.

    Raises ObjectNotPerson, PersonUnknown, RolesNotYoursToGive, OrganizationUnknown, CrewUnknown, LastAdministrator.
    """
    if body.person != act.object_id:
        raise ObjectNotPerson
    if tx.session.exec(select(Person.id).where(Person.id == body.person)).first() is None:
        raise PersonUnknown
    roles = [str(role) for role in body.roles]
    member = _member(tx.session, act.project_id, body.person)
    # Changing somebody takes roles away as well, so both lists must be the actor's to give.
    check_roles(tx.roles, [*roles, *_active_roles(member)])
    check_place(tx.session, act.project_id, body.organization, body.crew)
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(tx.session, act.project_id, member)
    member = member or Membership(project_id=act.project_id, person_id=body.person, roles=roles, state="active")
    member.organization_id, member.roles, member.crew_id, member.state = body.organization, roles, body.crew, "active"
    tx.session.add(member)
    _confirm_invites(tx.session, act)
    tx.touch("member", body.person)


@applies("member:remove", RemovalBody)
def remove(tx: Tx, act: Act, body: RemovalBody) -> None:
    """End a membership; the row stays, because records name the person.

    Raises ObjectNotPerson, NotAMember, RolesNotYoursToGive, LastAdministrator.
    """
    if body.person != act.object_id:
        raise ObjectNotPerson
    member = _member(tx.session, act.project_id, body.person)
    if member is None or member.state != "active":
        raise NotAMember
    check_roles(tx.roles, member.roles)
    _keep_an_administrator(tx.session, act.project_id, member)
    member.state = "removed"
    tx.session.add(member)
    tx.touch("member", body.person)


def _member(session: Session, project_id: UUID, person_id: UUID) -> Membership | None:
    return session.exec(
        select(Membership).where(Membership.project_id == project_id, Membership.person_id == person_id)
    ).first()


def _active_roles(member: Membership | None) -> list[str]:
    return member.roles if member and member.state == "active" else []


def _keep_an_administrator(session: Session, project_id: UUID, leaving: Membership | None) -> None:
    if leaving is None or Role.ADMINISTRATOR not in _active_roles(leaving):
        return
    # Locked in one order, so that two administrators who remove each other cannot both succeed on PostgreSQL.
    # Projects have tens to hundreds of members, and JSON is asked differently by each database: look in Python.
    active = session.exec(
        select(Membership)
        .where(Membership.project_id == project_id, Membership.state == "active")
        .order_by(col(Membership.person_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    others = [member for member in active if member.person_id != leaving.person_id]
    if not any(Role.ADMINISTRATOR in other.roles for other in others):
        raise LastAdministrator


def _confirm_invites(session: Session, act: Act) -> None:
    used = select(Invite).where(
        Invite.project_id == act.project_id,
        Invite.joined_by == act.object_id,
        col(Invite.confirmed_at).is_(None),
    )
    for invite in session.exec(used):
        invite.confirmed_at = act.received_at
        session.add(invite)


@feed_row("organization")
def organization_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Feed rows of organizations, with how each stands as a supplier and which other one stands for it."""
    wanted = select(Supplier).where(Supplier.project_id == project_id, col(Supplier.organization_id).in_(ids))
    standing = {row.organization_id: row for row in session.exec(wanted)}
    return {
        o.id: {
            "id": str(o.id),
            "name": o.name,
            "name_en": o.name_en,
            "kind": o.kind,
            "standing": standing[o.id].standing if o.id in standing else "none",
            "standing_reason": standing[o.id].reason if o.id in standing else None,
            "merged_into": _text(standing[o.id].merged_into) if o.id in standing else None,
        }
        for o in _rows(session, Organization, project_id, ids)
    }


@feed_row("crew")
def crew_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Feed rows of crews."""
    return {
        c.id: {
            "id": str(c.id),
            "name": c.name,
            "name_en": c.name_en,
            "organization_id": _text(c.organization_id),
            "trade": c.trade,
        }
        for c in _rows(session, Crew, project_id, ids)
    }


@feed_row("equipment")
def equipment_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Feed rows of equipment; days as YYYY-MM-DD."""
    return {
        e.id: {
            "id": str(e.id),
            "code": e.code,
            "name": e.name,
            "name_en": e.name_en,
            "kind": e.kind,
            "serial_no": e.serial_no,
            "calibrated_on": _text(e.calibrated_on),
            "calibration_due_on": _text(e.calibration_due_on),
            "qr": e.qr,
        }
        for e in _rows(session, Equipment, project_id, ids)
    }


@feed_row("member")
def member_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Feed rows of members; of removed ones those whom records name. `id` is the person's."""
    found = session.exec(
        select(Membership, Person.display_name)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(Membership.project_id == project_id, col(Membership.person_id).in_(ids))
    ).all()
    named = named_in(session, project_id, [m.person_id for m, _ in found if m.state != "active"])
    return {
        m.person_id: {
            "id": str(m.person_id),
            "display_name": name,
            "organization_id": _text(m.organization_id),
            "roles": m.roles,
            "crew_id": _text(m.crew_id),
            "state": m.state,
        }
        for m, name in found
        if m.state == "active" or m.person_id in named
    }


def named_in(session: Session, project_id: UUID, people: list[UUID]) -> set[UUID]:
    """Those of these people whom something in the project names: an act of theirs, a step, or a key they made."""
    if not people:
        return set()
    # By their devices, which have an index: acts have none by person.
    acted = (
        select(ActRow.actor_id)
        .join(DevicePerson, col(DevicePerson.device_id) == ActRow.device_id)
        .where(col(DevicePerson.person_id).in_(people), ActRow.actor_id == DevicePerson.person_id)
        .where(ActRow.project_id == project_id)
    )
    took_part = select(StepPerson.person_id).where(
        StepPerson.project_id == project_id, col(StepPerson.person_id).in_(people)
    )
    keys = select(ApiKey.person_id).where(ApiKey.project_id == project_id, col(ApiKey.person_id).in_(people))
    return {person for wanted in (acted, took_part, keys) for person in session.exec(wanted.distinct())}


def _rows(session: Session, table: type[Added], project_id: UUID, ids: list[UUID]) -> list[Added]:
    return list(session.exec(select(table).where(table.project_id == project_id, col(table.id).in_(ids))))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
