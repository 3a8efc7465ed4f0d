"""What a person sees of themselves: their projects, and where their device's chain stands."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.db import now
from plumbline.identity.access import Caller, project_ids
from plumbline.identity.invites import waiting_for
from plumbline.identity.models import Membership, Person
from plumbline.identity.schemas import ChainHead, MeOut, MyProject, PersonOut
from plumbline.identity.service import login_of
from plumbline.projects.models import Project


def me(session: Session, reader: Caller) -> MeOut:
    """The reader, their projects (also those that still have to confirm them), and the device's last act."""
    person = session.get_one(Person, reader.person_id)
    return MeOut(
        person=PersonOut(id=person.id, display_name=person.display_name, login=login_of(session, person.id)),
        is_server_admin=person.is_server_admin,
        device_id=reader.device_id,
        device_seq=chain_head(session, reader.device_id) if reader.device_id else None,
        projects=[*_active(session, reader), *_waiting(session, reader)],
        server_time=now(),
    )


def chain_head(session: Session, device_id: UUID) -> ChainHead | None:
    """The device's act with the greatest sequence number, None before its first."""
    newest = (
        select(ActRow.seq, ActRow.pae_sha256)
        .where(ActRow.device_id == device_id, col(ActRow.seq).is_not(None))
        .order_by(col(ActRow.seq).desc(), col(ActRow.received_at))
        .limit(1)
    )
    row = session.exec(newest).first()
    return ChainHead(seq=row[0] or 0, prev=row[1]) if row else None


def _active(session: Session, reader: Caller) -> list[MyProject]:
    mine = (
        select(Project, Membership)
        .join(Membership, col(Membership.project_id) == Project.id)
        .where(Membership.person_id == reader.person_id, col(Project.id).in_(project_ids(session, reader)))
        .order_by(col(Project.code))
    )
    return [_shown(project, member.roles, "active") for project, member in session.exec(mine)]


def _waiting(session: Session, reader: Caller) -> list[MyProject]:
    if reader.api_key_id is not None:
        return []
    opened = set(project_ids(session, reader))
    invites = {i.project_id: i for i in waiting_for(session, reader.person_id) if i.project_id not in opened}
    projects = session.exec(select(Project).where(col(Project.id).in_(invites)).order_by(col(Project.code)))
    return [_shown(project, invites[project.id].roles, "waiting") for project in projects]


def _shown(project: Project, roles: list[str], state: str) -> MyProject:
    return MyProject(
        id=project.id,
        name=project.name,
        name_en=project.name_en,
        roles=roles,
        state="active" if state == "active" else "waiting",
        sample=project.sample,
    )
