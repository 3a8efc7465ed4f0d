"""`plumbline doctor` finds what is wrong, and nothing where all is well: on both databases and both stores."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from plumbline import schema
from plumbline.db import make_engine
from plumbline.serve.doctor import Finding, examine
from plumbline.settings import Settings, load
from tests.support.s3 import ORIGIN, S3Server


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html>")
    (tmp_path / "dist" / "assets" / "a.js.br").write_bytes(b"")
    return tmp_path / "dist"


@pytest.fixture(params=["folder", "s3"])
def house(request: pytest.FixtureRequest, tmp_path: Path, dist: Path) -> Settings:
    more: dict[str, Any] = {}
    if request.param == "s3":
        more = request.getfixturevalue("s3_server").settings("examined")
    settings = load(data_dir=tmp_path / "var", database_url="", pwa_dir=dist, base_url=ORIGIN, jobs="off", **more)
    if request.param == "s3":
        from plumbline.storage.service import open_store

        open_store(settings).prepare([ORIGIN])
    return settings


@pytest.fixture
def migrated(house: Settings) -> Iterator[Engine]:
    engine = make_engine(house)
    schema.upgrade(engine, house)
    yield engine
    engine.dispose()


def wrong(findings: Iterator[Finding]) -> dict[str, str]:
    return {finding.what: finding.said for finding in findings if not finding.is_right}


def test_nothing_is_wrong_where_all_is_well(migrated: Engine, house: Settings) -> None:
    assert wrong(examine(migrated, house)) == {}


def test_an_old_schema_is_found(house: Settings) -> None:
    engine = make_engine(house)

    assert "plumbline migrate" in wrong(examine(engine, house))["schema"]
    engine.dispose()


def test_a_front_end_that_is_not_built_is_found(migrated: Engine, house: Settings, tmp_path: Path) -> None:
    found = wrong(examine(migrated, house.model_copy(update={"pwa_dir": tmp_path / "nowhere"})))

    assert "make pwa" in found["front end"]


def test_an_address_without_tls_is_found(migrated: Engine, house: Settings) -> None:
    found = wrong(examine(migrated, house.model_copy(update={"base_url": "http://site.example.org"})))

    assert "https" in found["address"]


def test_a_store_that_refuses_our_pages_is_found(s3_server: S3Server, tmp_path: Path) -> None:
    settings = load(
        data_dir=tmp_path, base_url="https://other.example.org", jobs="off", **s3_server.settings("examined")
    )

    said = wrong(examine(make_engine(settings), settings))["upload"]
    assert "CORS" in said or "OPTIONS" in said


def test_a_store_that_is_down_is_found(tmp_path: Path) -> None:
    nowhere = {"store": "s3", "s3_endpoint": "http://127.0.0.1:9", "s3_access_key": "a", "s3_secret_key": "b"}
    settings = load(data_dir=tmp_path, base_url=ORIGIN, jobs="off", **nowhere)

    found = wrong(examine(make_engine(settings), settings))

    assert {"store", "upload"} <= set(found)
