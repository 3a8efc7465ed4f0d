"""Routes of the door: the batch, the generic write of other systems, and one act with its proof."""

import base64
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, RawBody
from pydantic import ValidationError
from sqlmodel import col, select

from plumbline import db
from plumbline.acts import errors, feed_routes, house, review_routes
from plumbline.acts.door import Door
from plumbline.acts.envelope import Signed, first_error, from_base64, is_signed
from plumbline.acts.intake import Result, check_signature, refused
from plumbline.acts.models import ActRow
from plumbline.acts.schemas import (
    ActIn,
    ActList,
    ActOut,
    ActResult,
    BatchIn,
    BatchOut,
    EnvelopeIn,
    ProblemOut,
    Verdict,
)
from plumbline.grants.sight import sight_of
from plumbline.grants.visiting import VIEWER, Viewer
from plumbline.identity.access import Reader, member_of
from plumbline.identity.models import Device
from plumbline.problems import JSON, Lang, Malformed, NotFound, TooLarge, render

MAX_BATCH_BYTES = 256 * 1024
MAX_BATCH_ACTS = 100


@post("/api/acts", sync_to_thread=True, status_code=200)
def post_acts(body: RawBody, state: State, reader: Reader) -> BatchOut:
    """Take up to 100 signed acts (256 KiB) of one project; one verdict each, in order.

    Anybody signed in may bring what an enrolled device signed; who brought it is written beside acts of other devices.

    Problems concern the batch only: sign-in-needed, too-large, malformed, batch-too-long, batch-of-many-projects.
    """
    envelopes = _envelopes(body)
    signed = _verify(state, envelopes)
    results = Door(state.engine, state.settings).take(signed, sender=reader)
    return BatchOut(results=[_out(r, reader.lang) for r in results])


def _envelopes(body: bytes) -> list[dict[str, Any]]:
    if len(body) > MAX_BATCH_BYTES:
        raise TooLarge(limit=MAX_BATCH_BYTES)
    try:
        envelopes = BatchIn.model_validate_json(body).envelopes
    except ValidationError as bad:
        raise Malformed(what=first_error(bad)) from bad
    if len(envelopes) > MAX_BATCH_ACTS:
        raise errors.BatchTooLong(limit=MAX_BATCH_ACTS)
    return envelopes


def _verify(state: State, envelopes: list[dict[str, Any]]) -> list[Signed | Result]:
    """Signatures are checked before any lock; a malformed envelope is refused on its own."""
    read = [_envelope(e) for e in envelopes]
    ids = {e.device_id for e in read if isinstance(e, Signed)}
    with db.reading(state.engine) as session:
        points = dict(session.exec(select(Device.id, Device.public_key).where(col(Device.id).in_(ids))).all())
    return [check_signature(e, points.get(e.device_id)) if isinstance(e, Signed) else e for e in read]


def _envelope(raw: dict[str, Any]) -> Signed | Result:
    try:
        e = EnvelopeIn.model_validate(raw)
        return Signed(e.device_id, from_base64(e.payload), from_base64(e.signature))
    except ValidationError as bad:
        return refused(None, errors.EnvelopeMalformed(what=first_error(bad)))
    except ValueError:
        return refused(None, errors.EnvelopeMalformed(what="base64"))


def _out(result: Result, lang: Lang) -> ActResult:
    return ActResult(
        id=result.id,
        verdict=result.verdict,  # type: ignore[arg-type]  # `claimed` never leaves its transaction.
        number=result.number,
        flags=result.flags,
        waits_for=result.waits_for,
        problem=_problem(result.problem, lang),
        received_at=result.received_at,
    )


def _problem(stored: JSON | None, lang: Lang) -> ProblemOut | None:
    return ProblemOut(**render(stored, lang)) if stored else None


@post("/api/projects/{project_id:uuid}/acts/{type:str}", sync_to_thread=True, status_code=200)
def post_act(
    project_id: FromPath[UUID], type: FromPath[str], data: JSONBody[ActIn], state: State, reader: Reader
) -> ActResult:
    """One act of another system, signed by the server for the API key's person. The same id again: same answer.

    Problems: sign-in-needed, not-found (also for strangers), api-key-needed, malformed.
    """
    if reader.api_key_id is None:
        raise errors.ApiKeyNeeded()
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    signed = house.compose(
        state.settings,
        project_id,
        type,
        data.object,
        data.body,
        id=data.id,
        actor=reader.person_id,
        files=data.files,
        depends_on=data.depends_on,
        at=data.at,
    )
    taken = Door(state.engine, state.settings).take([signed], by_house=True, any_time=data.at is None)
    return _out(taken[0], reader.lang)


@get("/api/projects/{project_id:uuid}/acts/{act_id:uuid}", sync_to_thread=True, dependencies=VIEWER)
def get_act(project_id: FromPath[UUID], act_id: FromPath[UUID], state: State, viewer: Viewer) -> ActOut:
    """One act with its proof; open to links. Problems: not-found (also for strangers), link-expired, link-revoked."""
    with db.reading(state.engine) as session:
        sight = sight_of(session, viewer, project_id)
        row = session.get(ActRow, act_id)
        if row is None or row.project_id != project_id:
            raise NotFound()
        sight.act(row)
        return _act_out(row, _device(session, row), viewer.lang)


@get("/api/projects/{project_id:uuid}/acts", sync_to_thread=True, dependencies=VIEWER)
def list_acts(
    project_id: FromPath[UUID],
    state: State,
    viewer: Viewer,
    verdict: FromQuery[Verdict] = "refused",
    object: FromQuery[UUID | None] = None,
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=500)]] = 100,
) -> ActList:
    """Acts of one verdict, newest first; refused ones are one's own, or for those who see the quarantine, everybody's.

    Links read the applied acts of an object. Problems: not-found, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        allowed = sight_of(session, viewer, project_id).acts_of(object, verdict)
        wanted = select(ActRow).where(ActRow.project_id == project_id, ActRow.verdict == verdict, *allowed)
        if object is not None:
            wanted = wanted.where(ActRow.object_id == object)
        rows = session.exec(wanted.order_by(col(ActRow.received_at).desc()).limit(limit)).all()
        return ActList(acts=[_act_out(r, _device(session, r), viewer.lang) for r in rows])


def _device(session: Any, row: ActRow) -> Device:
    device = session.get(Device, row.device_id)
    assert isinstance(device, Device)
    return device


def _act_out(row: ActRow, device: Device, lang: Lang) -> ActOut:
    return ActOut(
        **row.model_dump(
            include={"id", "project_id", "type", "object_id", "actor_id", "number", "verdict", "flags", "received_at"}
        ),
        applied_at=row.applied_at,
        problem=_problem(row.problem, lang),
        payload=row.payload.decode(),
        payload_sha256=row.pae_sha256,
        signature=base64.b64encode(row.signature).decode(),
        public_key=base64.b64encode(device.public_key).decode(),
        device_id=device.id,
        device_label=device.label,
        handed_in_by=row.handed_in_by,
        signed_by="server" if device.kind == "server" else "device",
        signature_holds=is_signed(device.public_key, row.payload, row.signature),
    )


handlers = [post_acts, post_act, get_act, list_acts, *feed_routes.handlers, *review_routes.handlers]
