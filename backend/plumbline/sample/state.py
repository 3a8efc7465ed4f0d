"""Whether the sample is there, and whether all of it is. Light to import: every start asks.

Acts are never taken back, so a load that was cut off leaves part of a project. The sign-ins are made last, in one
transaction: a sample that nobody can sign in to is such a part, and whoever starts is told what to do.
"""

from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from plumbline import db
from plumbline.identity.models import Credential, Membership
from plumbline.projects.models import Project
from plumbline.sample import pier, tower

CODES = (tower.GROUND.code, pier.GROUND.code)


class SampleThere(Exception):
    """The sample was loaded before."""


class SampleIncomplete(Exception):
    """An earlier load was cut off; the message says what to do."""


def check_absent(engine: Engine) -> None:
    """Raises SampleThere, SampleIncomplete."""
    if check_whole(engine):
        raise SampleThere("The sample project is loaded already; its passwords were printed once, at that time.")


def check_whole(engine: Engine) -> bool:
    """Whether the whole sample is there; False when nothing is. Raises SampleIncomplete."""
    with db.reading(engine) as session:
        there = session.exec(_projects().limit(1)).first() is not None
        if there and not _somebody_can_sign_in(session):
            raise SampleIncomplete(
                "Loading the sample project was cut off earlier, and nobody can sign in to what is there of it. "
                "Empty the database (embedded: delete the data folder, `var` unless set otherwise) and start again; "
                "or go on without the sample: make run ARGS=--no-sample."
            )
    return there


def _projects() -> SelectOfScalar[UUID]:
    return select(Project.id).where(Project.sample, col(Project.code).in_(CODES))


def _somebody_can_sign_in(session: Session) -> bool:
    found = (
        select(Credential.person_id)
        .join(Membership, col(Membership.person_id) == Credential.person_id)
        .where(col(Membership.project_id).in_(_projects()))
    )
    return session.exec(found.limit(1)).first() is not None
