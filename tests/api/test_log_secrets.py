"""A whole day on site leaves a log without one secret in it, at the most talkative level."""

import io
import logging
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from plumbline import logs
from plumbline.codes import make_code
from plumbline.settings import Settings
from tests.api.test_receive_lot import receipt
from tests.support.cast import PASSWORD, Actor, Cast
from tests.support.device import TestDevice
from tests.support.evidence import claim, complete, intend, put, run_jobs
from tests.support.links import given, scope_of
from tests.support.photos import jpeg
from tests.support.works import add_task


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything that the process logs, as `plumbline serve` sets logging up with PLUMBLINE_LOG_LEVEL=DEBUG."""
    root = logging.getLogger()
    held, level = root.handlers[:], root.level
    logs.configure("DEBUG")
    stream = io.StringIO()
    heard = logging.StreamHandler(stream)
    heard.setFormatter(logs.JsonLine())
    root.handlers[:] = [heard]
    # What the test's own client says of what it sent is not the server's log.
    clients = [logging.getLogger(name) for name in ("httpx", "httpcore")]
    for client in clients:
        client.setLevel("ERROR")
    yield stream
    root.handlers[:] = held
    root.setLevel(level)
    logging.captureWarnings(False)
    for client in clients:
        client.setLevel(logging.NOTSET)


def a_day_on_site(cast: Cast, settings: Settings, secrets: dict[str, str]) -> None:
    """Sign-ins good and bad, an invitation, a key, a photo, a label, a link for an inspector, and a sign-out."""
    manager, keeper = cast.project_manager, cast.storekeeper
    wish = {"login": "project_manager", "password": "a wrong guess 4711", "device": manager.device.enrolment()}
    assert cast.client.post("/api/sign-in", json=wish).status_code == 401
    manager.sign_in()
    secrets |= {"wrong password": "a wrong guess 4711", "access token": manager.token}
    secrets |= {"refresh token": manager.refresh_token, "password": PASSWORD}
    renewed = cast.client.post("/api/token", json={"refresh_token": manager.refresh_token}).json()
    manager.take_session(renewed)
    secrets |= {"second access token": manager.token, "second refresh token": manager.refresh_token}
    join(cast, secrets)
    secrets["API key"] = cast.administrator.post(cast.administrator.at("/api-keys"), {"label": "ERP"}).json()["key"]
    cast.client.get("/api/me", headers={"Authorization": f"Bearer {secrets['API key']}"})
    photo = send_a_photo(keeper, secrets)
    keeper.did("lot:receive", uuid7(), receipt(cast), files=[claim(photo)])
    run_jobs(cast, settings)
    secrets["label code"] = make_code()
    keeper.get(f"/api/codes/{secrets['label code']}", params={"project": str(cast.project_id)})
    cast.client.get(f"/q/{secrets['label code']}")
    link = given(manager, scope_of(cast, "task", add_task(cast)))
    link.open()
    secrets |= {"code of a link": link.code, "token of a link": link.token}
    cast.client.get(f"/g/{link.code}")
    cast.client.post("/api/sign-out", json={"refresh_token": manager.refresh_token})


def join(cast: Cast, secrets: dict[str, str]) -> None:
    manager = cast.project_manager
    wish = {"display_name": "老赵", "organization": str(cast.contractor), "roles": ["foreman"]}
    code = secrets["invitation"] = manager.post(manager.at("/invites"), wish).json()["code"]
    cast.client.get(f"/join/{code}")
    device = TestDevice()
    answer = cast.client.post("/api/join", json={"code": code, "device": device.enrolment("老赵的手机")})
    newcomer = Actor(cast.client, "", UUID(answer.json()["person"]["id"]), cast.project_id, device)
    newcomer.take_session(answer.json())
    secrets |= {"newcomer's access token": newcomer.token, "newcomer's refresh token": newcomer.refresh_token}


def send_a_photo(keeper: Actor, secrets: dict[str, str]) -> bytes:
    photo = jpeg(320, 240, seed=11)
    upload = intend(keeper, photo)
    secrets["upload address"] = upload["url"].partition("?")[2]
    assert put(keeper, upload, photo).is_success
    assert complete(keeper, upload).status_code == 200
    return photo


def test_no_secret_of_a_day_on_site_is_in_the_log(
    cast: Cast, engine: Engine, settings: Settings, said: io.StringIO
) -> None:
    secrets: dict[str, str] = {}
    a_day_on_site(cast, settings, secrets)
    secrets |= {"store's key": settings.s3_secret_key, "server's key": settings.token_secret}
    log = said.getvalue()

    assert log.count('"logger": "plumbline.access"') > 15, "the story was heard"
    assert {name for name, secret in secrets.items() if secret and secret in log} == set()
    assert "X-Amz-Signature" not in log
    assert "Bearer " not in log
    assert len([s for s in secrets.values() if s]) >= 14
