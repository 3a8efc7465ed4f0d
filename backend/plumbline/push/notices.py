"""The jobs of push: who is told of what, and one job for each message, so that a repeat tells nobody twice."""

import json
import logging
from datetime import timedelta
from http.client import HTTPException
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline import db, jobs
from plumbline.acts.models import ActRow
from plumbline.approvals.models import Decision
from plumbline.identity.models import DevicePerson, Membership
from plumbline.jobs import Context, daily, job
from plumbline.problems import Lang
from plumbline.projects.models import Project, TaskNode
from plumbline.push import holding, keys, service, wire, words
from plumbline.push.errors import PushAddressUnusable
from plumbline.push.models import PushSubscription
from plumbline.recalls.models import Recall
from plumbline.settings import Settings
from plumbline.steps.models import StepRecord

log = logging.getLogger(__name__)
TTL_S = 24 * 3600  # A phone that is off longer is told by the app itself.
GONE = (404, 410)


class PushServiceBusy(Exception):
    """The push service could not take the message now; the job is tried again."""


@job("push-decision")
def tell_decision(context: Context, decision_id: str) -> None:
    """Tell who recorded a step what was decided on it."""
    with db.writing(context.engine) as session:
        decision = session.get(Decision, UUID(decision_id))
        step = session.get(StepRecord, decision.subject_id) if decision else None
        if decision is None or step is None:
            return
        task = session.get(TaskNode, step.task_id)
        facts = {"name": task.name if task else ""}
        _fan_out(session, step.project_id, step.recorded_by, decision.decision, decision_id, f"/steps/{step.id}", facts)


@job("push-answer")
def tell_answer(context: Context, item_id: str, answer_act_id: str) -> None:
    """Tell who signed a refused act that somebody answered or asks."""
    with db.writing(context.engine) as session:
        refused = session.get(ActRow, UUID(item_id))
        if refused is not None:
            _fan_out(session, refused.project_id, refused.actor_id, "question", answer_act_id, "/outbox", {})


@job("push-recall")
def tell_recall(context: Context, recall_id: str) -> None:
    """Tell every active member that a recall or drill is open."""
    with db.writing(context.engine) as session:
        recall = session.get(Recall, UUID(recall_id))
        if recall is None or recall.status == "closed":
            return
        kind, path = "drill" if recall.is_drill else "recall", f"/recalls/{recall.id}"
        members = select(Membership.person_id).where(
            Membership.project_id == recall.project_id, Membership.state == "active"
        )
        for person_id in session.exec(members.order_by(col(Membership.person_id))).all():
            _fan_out(session, recall.project_id, person_id, kind, recall_id, path, {"name": recall.code})


@daily("push-unsent", hour=8)  # 16:00 in China: still on site, with the day's photos in the pocket.
def tell_unsent(context: Context) -> None:
    """Tell people whose acts came long ago and whose files did not."""
    before = db.now() - timedelta(hours=context.settings.push_unsent_hours)
    with db.writing(context.engine) as session:
        for project_id in session.exec(select(Project.id).order_by(col(Project.id))).all():
            for one in holding.of_project(session, project_id, before):
                remind(session, project_id, one, db.now().strftime("%Y-%m-%d"))


def remind(session: Session, project_id: UUID, one: holding.Holding, key: str) -> int:
    """Enqueue "you have unsent photos" for a device; returns to how many people it goes."""
    told = 0
    people = select(DevicePerson.person_id).where(DevicePerson.device_id == one.device_id)
    # The files lie on the device, so whoever is signed in there can send them; on their other phones nobody can.
    for person_id in session.exec(people.order_by(col(DevicePerson.person_id))).all():
        for to in service.of_person(session, project_id, person_id, one.device_id):
            facts = {"count": str(one.missing)}
            _enqueue(session, to, "unsent", f"{project_id}:{key}", "/outbox", facts)
            told += 1
    return told


def _fan_out(
    session: Session, project_id: UUID, person_id: UUID, kind: str, key: str, path: str, facts: dict[str, str]
) -> None:
    for to in service.of_person(session, project_id, person_id):
        _enqueue(session, to, kind, key, path, facts)


def _enqueue(session: Session, to: PushSubscription, kind: str, key: str, path: str, facts: dict[str, str]) -> None:
    title, text = words.said(kind, _lang(to), **facts)
    message = json.dumps({"title": title, "text": text, "path": path, "lang": to.language}, ensure_ascii=False)
    unique = f"{kind}:{key}:{to.device_id}:{to.person_id}"
    jobs.enqueue(session, "push-send", unique, str(to.person_id), str(to.device_id), message)


def _lang(to: PushSubscription) -> Lang:
    return "zh" if to.language == "zh" else "en"


@job("push-send")
def send(context: Context, person_id: str, device_id: str, message: str) -> None:
    """Send one message. A subscription that is gone is dropped. Raises PushServiceBusy."""
    with db.reading(context.engine) as session:
        to = session.get(PushSubscription, (UUID(person_id), UUID(device_id)))
    if to is None:
        return
    try:
        status = wire.post(context.settings, to.endpoint, *sealed(context.settings, to, message))
    except PushAddressUnusable:
        status = 410  # A name that leads into a private network now.
    except (OSError, HTTPException) as bad:
        raise PushServiceBusy(str(bad)) from bad
    if status in GONE:
        _drop(context, to)
    elif status == 429 or status >= 500:
        raise PushServiceBusy(f"push service answered {status}")
    elif status >= 300:
        log.warning("A push service refused a message with %d; it is not sent again.", status)


def sealed(settings: Settings, to: PushSubscription, message: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of a message: signed by the server, readable for the browser alone (RFC 8291, 8292)."""
    from webpush import WebPush  # type: ignore[import-untyped]
    from webpush.types import WebPushKeys, WebPushSubscription  # type: ignore[import-untyped]

    subscription = WebPushSubscription(endpoint=to.endpoint, keys=WebPushKeys(auth=to.auth, p256dh=to.p256dh))
    pusher = WebPush(keys.private_pem(settings), keys.public_pem(settings), settings.push_from, ttl=TTL_S)
    made = pusher.get(message, subscription)
    return {**made.headers, "urgency": "normal"}, made.encrypted


def _drop(context: Context, to: PushSubscription) -> None:
    with db.writing(context.engine) as session:
        standing = session.get(PushSubscription, (to.person_id, to.device_id))
        # Not one that was renewed in this moment.
        if standing is not None and standing.endpoint == to.endpoint:
            session.delete(standing)
