"""What gives a grant and takes it back."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.grants import errors
from plumbline.grants.models import Grant
from plumbline.grants.schemas import USABLE, IssueBody, RevokeBody, ScopeBody
from plumbline.materials.models import Lot
from plumbline.projects.models import TaskNode


@applies("grant:issue", IssueBody)
def issue(tx: Tx, act: Act, body: IssueBody) -> None:
    """Give access to what is in scope; the link itself is asked for afterwards.

    Raises GrantThere, GrantRightNotYet, GrantTooLong, GrantScopeUnknown.
    """
    if tx.session.exec(select(Grant.id).where(Grant.id == act.object_id)).first():
        raise errors.GrantThere
    for right in body.rights:
        if right not in USABLE:
            raise errors.GrantRightNotYet(right=right)
    days = tx.settings.grant_days
    if not act.received_at < body.expires_at <= act.received_at + timedelta(days=days):
        raise errors.GrantTooLong(days=days)
    _check_scope(tx.session, act.project_id, body.scope)
    tx.session.add(
        Grant(
            id=act.object_id,
            project_id=act.project_id,
            kind=body.kind,
            scope_kind=body.scope.kind,
            scope_id=body.scope.id,
            rights=[str(right) for right in body.rights],
            expires_at=body.expires_at,
            issued_by=act.actor_id,
            issued_at=act.received_at,
            act_id=act.id,
        )
    )


def _check_scope(session: Session, project_id: UUID, scope: ScopeBody) -> None:
    # Selects and not session.get: what earlier acts of the same batch added is found by the flush before a select.
    if scope.kind == "project":
        known = scope.id == project_id
    elif scope.kind == "task":
        wanted = select(TaskNode.id).where(TaskNode.id == scope.id, TaskNode.project_id == project_id)
        known = session.exec(wanted).first() is not None
    else:
        known = session.exec(select(Lot.id).where(Lot.id == scope.id, Lot.project_id == project_id)).first() is not None
    if not known:
        raise errors.GrantScopeUnknown


@applies("grant:revoke", RevokeBody)
def revoke(tx: Tx, act: Act, body: RevokeBody) -> None:
    """Take a grant back; what its link had opened is closed with the next request. Raises GrantUnknown, GrantEnded."""
    wanted = select(Grant).where(Grant.id == act.object_id, Grant.project_id == act.project_id)
    grant = tx.session.exec(wanted.with_for_update()).first()
    if grant is None:
        raise errors.GrantUnknown
    if grant.revoked_at is not None:
        raise errors.GrantEnded
    grant.revoked_at, grant.revoked_by = act.received_at, act.actor_id
    tx.session.add(grant)
