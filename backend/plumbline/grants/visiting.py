"""Who reads by a link: opening it, the short-lived token, and the dependency `viewer` of routes open to links."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from plumbline.codes import code_sha256, normalize
from plumbline.db import now, reading, writing
from plumbline.grants import errors
from plumbline.grants.models import Grant, GrantLink
from plumbline.identity import throttle, tokens
from plumbline.identity.access import Caller, read_bearer
from plumbline.identity.address import AnyRequest, client_address, network
from plumbline.problems import Lang, language
from plumbline.settings import Settings


@dataclass(frozen=True)
class Visitor:
    """A reader by link: no person, no device, one project. `seen` gathers what the answer shows, for the log."""

    grant_id: UUID
    project_id: UUID
    lang: Lang
    path: str
    address: str
    agent: str
    seen: list[tuple[str, UUID | None]] = field(default_factory=list)


# What handlers open to links declare: a member, or a visitor. All other handlers take a `reader`. Litestar cannot
# check a value against two dataclasses, and need not: it comes from provide_viewer.
Viewer: TypeAlias = SkipValidation[NamedDependency[Caller | Visitor]]


@dataclass(frozen=True)
class Opened:
    """A link just opened."""

    grant: Grant
    link: GrantLink
    token: str
    expires_in: int


def open_link(engine: Engine, settings: Settings, code: str, address: str) -> Opened:
    """Trade a link's code for a token. Raises TooManyTries, LinkUnknown, LinkRevoked, LinkExpired.

    Every try does the same work, one hash and one look-up, and unknown codes count against their sender.
    """
    counted = throttle.code_counts(address)
    try:
        digest = code_sha256(normalize(code))
    except ValueError:
        digest = ""
    with reading(engine) as session:
        throttle.check(session, counted)
        found = session.exec(
            select(GrantLink, Grant)
            .join(Grant, col(Grant.id) == GrantLink.grant_id)
            .where(GrantLink.code_sha256 == digest)
        ).first()
    if found is None:
        with writing(engine) as session:
            throttle.note_failure(session, counted)
        raise errors.LinkUnknown
    link, grant = found
    _check_open(grant)
    moment = now()
    ends_at = min(moment + tokens.life(settings), grant.expires_at)
    token = tokens.issue_visit(settings, grant.id, link.generation, ends_at)
    return Opened(grant, link, token, max(1, int((ends_at - moment).total_seconds())))


def _check_open(grant: Grant) -> None:
    if grant.revoked_at is not None:
        raise errors.LinkRevoked
    if grant.expires_at <= now():
        raise errors.LinkExpired(expired_at=f"{grant.expires_at:%Y-%m-%d %H:%M} UTC")


def standing(session: Session, grant_id: UUID, generation: int) -> Grant:
    """The grant of a token, as it stands now: a revocation counts from the next request on.

    Raises LinkUnknown, LinkRevoked (also when a new code took the place of the one that was opened), LinkExpired.
    """
    found = session.exec(
        select(Grant, GrantLink.generation)
        .join(GrantLink, col(GrantLink.grant_id) == Grant.id)
        .where(Grant.id == grant_id)
    ).first()
    if found is None:
        raise errors.LinkUnknown
    _check_open(found[0])
    if found[1] != generation:
        raise errors.LinkRevoked
    return found[0]


def provide_viewer(request: Request[Any, Any, State]) -> Caller | Visitor:
    """Litestar dependency `viewer`. Raises SignInNeeded, LinkRevoked, LinkExpired, LinkUnknown."""
    lang = language(request.headers.get("accept-language"))
    header = request.headers.get("authorization")
    engine, settings = request.app.state.engine, request.app.state.settings
    visit = tokens.read_visit(settings, (header or "").partition(" ")[2])
    if visit is None:
        return read_bearer(engine, settings, header, lang)
    with reading(engine) as session:
        grant = standing(session, visit.grant_id, visit.generation)
    visitor = visitor_of(request, grant)
    request.scope["state"]["visitor"] = visitor
    return visitor


def visitor_of(request: Request[Any, Any, State], grant: Grant) -> Visitor:
    """Who asks, with what the log will say of them."""
    query = f"?{request.url.query}" if request.url.query else ""
    address, agent = sender_of(request)
    return Visitor(
        grant_id=grant.id,
        project_id=grant.project_id,
        lang=language(request.headers.get("accept-language")),
        path=f"{request.url.path}{query}"[:300],
        address=address,
        agent=agent,
    )


def sender_of(request: AnyRequest) -> tuple[str, str]:
    """What logs say of who asks: the network, coarse enough to name no household, and the browser."""
    return network(client_address(request)), request.headers.get("user-agent", "")[:80]


VIEWER = {"viewer": Provide(provide_viewer, sync_to_thread=True)}
