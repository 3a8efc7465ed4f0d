"""Readiness says why not, in sentences, and answers in any case."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine, text

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.serve import readiness
from plumbline.settings import Settings, load
from tests.support.cast import Client


def asked(app: Litestar, language: str = "en") -> Any:
    """The answer of a process that is up; its start, which would wait for the database, is not run here."""
    return TestClient(app).get("/api/ready", headers={"accept-language": language})


def test_where_all_is_well_it_is_ready(client: Client) -> None:
    answer = client.get("/api/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "warnings": []})


def test_an_old_schema_is_told_and_its_cure_too(engine: Engine, settings: Settings) -> None:
    app = make_app(settings, engine)
    with engine.begin() as connection:
        known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    try:
        old = asked(app)
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})

    assert old.status_code == 503
    assert old.json()["type"] == "/problems/not-ready"
    assert "plumbline migrate" in old.json()["detail"]
    assert asked(app).status_code == 200, "and it is ready as soon as that was done"


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "数据库没有应答"), ("en", "The database does not answer")])
def test_a_database_that_is_away_is_told_in_the_reader_s_language(tmp_path: Path, language: str, word: str) -> None:
    away = load(data_dir=tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none", jobs="off")
    engine = make_engine(away)
    answer = asked(make_app(away, engine), language)
    engine.dispose()

    assert answer.status_code == 503
    assert word in answer.json()["detail"]


@contextmanager
def who_never_answers() -> Iterator[int]:
    """A port that takes connections and says nothing, as a machine whose disk hangs does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_database_that_hangs_does_not_hang_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "WAIT_S", 0.3)
    with who_never_answers() as port:
        hung = load(data_dir=tmp_path, database_url=f"postgresql+psycopg://a@127.0.0.1:{port}/none", jobs="off")
        app = make_app(hung, make_engine(hung))

        assert asked(app).status_code == 503
        assert asked(app).status_code == 503, "a second question does not pile up behind the first"


@pytest.mark.parametrize(
    ("language", "word"), [("zh-CN", "文件存储没有应答"), ("en", "The file store does not answer")]
)
def test_without_the_store_it_works_and_warns(engine: Engine, settings: Settings, language: str, word: str) -> None:
    away = {"store": "s3", "s3_endpoint": "http://127.0.0.1:1", "s3_access_key": "a", "s3_secret_key": "b"}
    answer = asked(make_app(settings.model_copy(update=away), engine), language)

    assert answer.status_code == 200, (
        "or a balancer would take every process away while phones could still send records"
    )
    assert any(word in warning for warning in answer.json()["warnings"])
