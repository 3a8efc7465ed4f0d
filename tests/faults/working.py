"""What tests of phones without a line share: people to work with, and what their phones and the server say."""

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.db import now
from plumbline.identity import tokens
from tests.faults.conftest import Manned
from tests.support import engine
from tests.support.cast import Actor, newcomer
from tests.support.houses import House


def ended_token(place: House, actor: Actor) -> str:
    """An access token of this person whose time is over."""
    claims = {"aud": tokens.AUDIENCE, "sub": str(actor.person_id), "did": str(actor.device.id), "fam": str(uuid4())}
    return tokens._issue(place.settings, tokens.TYPE, claims, now() - timedelta(hours=1))


def foreman(manned: Manned, login: str) -> Actor:
    """Somebody new in the project, who may log steps."""
    cast = manned.cast
    actor = newcomer(cast.client, manned.house.engine, login, cast.project_id)
    body = {"person": str(actor.person_id), "organization": str(cast.contractor), "roles": ["foreman"]}
    cast.administrator.did("member:admit", actor.person_id, body)
    return actor


def told(path: Path, phone: engine.Phone, seconds: float = 240) -> Any:
    """What a phone has written down for us."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert phone.poll() is None, engine.finish(phone)
        assert time.monotonic() < end, "the phone says nothing"
        time.sleep(0.05)
    return json.loads(path.read_text())


def by_id(place: House, ids: list[str]) -> dict[str, ActRow]:
    """Those of these acts that the server has."""
    with Session(place.engine) as session:
        found: dict[str, ActRow] = {}
        for at in range(0, len(ids), 200):
            some = [UUID(id) for id in ids[at : at + 200]]
            found |= {str(row.id): row for row in session.exec(select(ActRow).where(col(ActRow.id).in_(some)))}
        return found
