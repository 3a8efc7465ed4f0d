"""The sample loads on both databases and stores, by signed acts alone, and tells its story. One load for each."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from plumbline import db, jobs
from plumbline.acts.envelope import is_signed
from plumbline.acts.models import ActRow, KeptAct
from plumbline.identity.models import Device
from plumbline.jobs import Context
from plumbline.materials.models import INFLOWS, OUTFLOWS, Lot
from plumbline.projects.models import Project
from plumbline.rebuild import service as rebuild
from plumbline.sample import SampleIncomplete, SampleThere, load, photos, state
from plumbline.settings import Settings
from plumbline.storage.service import open_store
from tests.support.databases import _empty_tables
from tests.support.device import TestDevice

Row = dict[str, Any]
SIZE = (800, 600)


@dataclass(frozen=True)
class Loaded:
    """The sample as its people see it: sign-ins by login, and each project's feed rows by kind."""

    client: TestClient[Litestar]
    engine: Engine
    settings: Settings
    sign_ins: Mapping[str, Mapping[str, str]]

    def token(self, login: str) -> str:
        """Sign in on a new device."""
        who = {"login": login, "password": self.sign_ins[login]["password"], "device": TestDevice().enrolment()}
        answer = self.client.post("/api/sign-in", json=who)
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["access_token"])

    def get(self, login: str, path: str, **params: Any) -> Any:
        """GET as somebody."""
        headers = {"Authorization": f"Bearer {self.token(login)}"}
        answer = self.client.get(path, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def project(self, code: str) -> UUID:
        """A project's id."""
        with db.reading(self.engine) as session:
            return session.exec(select(Project.id).where(Project.code == code)).one()

    def feed(self, login: str, code: str) -> dict[str, dict[str, Row]]:
        """The whole feed, as kind → id → row."""
        rows: dict[str, dict[str, Row]] = {}
        cursor, more = 0, True
        while more:
            page = self.get(login, "/api/feed", project=str(self.project(code)), cursor=cursor, limit=400)
            for change in page["changes"]:
                rows.setdefault(change["kind"], {})[change["id"]] = change["row"]
            cursor, more = page["cursor"], page["more"]
        return rows


@pytest.fixture(scope="module")
def sample(app: Litestar, settings: Settings, lasting_engine: Engine) -> Iterator[Loaded]:
    """The sample in an empty database, loaded once for all tests of this file; its photos smaller, to save time."""
    _empty_tables(lasting_engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(photos, "SIZE", SIZE)
        photos._grain.cache_clear()
        sign_ins = {one["login"]: one for one in load(lasting_engine, settings)}
        photos._grain.cache_clear()
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Loaded(client, lasting_engine, settings, sign_ins)
    _empty_tables(lasting_engine)


@pytest.fixture(scope="module")
def tower(sample: Loaded) -> dict[str, dict[str, Row]]:
    """The tower's feed rows."""
    return sample.feed("wang.pm", state.CODES[0])


@pytest.fixture(scope="module")
def pier(sample: Loaded) -> dict[str, dict[str, Row]]:
    """The pier's feed rows."""
    return sample.feed("whitfield.pm", state.CODES[1])


def _one(rows: Mapping[str, Row], **said: Any) -> Row:
    return next(row for row in rows.values() if all(row[key] == value for key, value in said.items()))


def test_both_sites_hold_what_real_sites_hold(
    tower: dict[str, dict[str, Row]], pier: dict[str, dict[str, Row]]
) -> None:
    assert len(tower["task"]) + len(pier["task"]) >= 40
    assert len(tower["step"]) + len(pier["step"]) >= 60
    assert {row["kind"] for row in tower["organization"].values()} >= {
        "owner", "contractor", "subcontractor", "supervisor", "laboratory", "authority", "supplier",
    }  # fmt: skip
    assert sum(row["kind"] == "supplier" for row in tower["organization"].values()) >= 3
    assert {row["status"] for row in tower["lot"].values()} >= {
        "announced", "received", "released", "quarantined", "stopped", "exhausted",
    }  # fmt: skip
    assert {row["material"] for row in pier["lot"].values()} == {"rebar_bs4449", "concrete_en206"}
    labelled = [row for rows in (tower, pier) for kind in ("task", "lot") for row in rows[kind].values()]
    assert all(row["qr"] for row in labelled)
    assert next(iter(tower["project"].values()))["sample"] is True


def test_some_steps_wait_some_failed_and_one_misses_a_file(tower: dict[str, dict[str, Row]]) -> None:
    steps = list(tower["step"].values())
    status = Counter(step["status"] for step in steps)
    assert status["submitted"] >= 4
    assert status["awaiting_files"] == 1
    assert status["more_asked"] == 1
    assert (status["rejected"], status["superseded"]) == (1, 1)
    assert status["approved"] >= 30
    verdicts = Counter(j["verdict"] for step in steps for j in step["judgements"])
    assert verdicts["pass"] > 100
    assert verdicts["fail"] >= 5
    assert verdicts["warn"] >= 1
    assert any("calibration-expired" in step["flags"] for step in steps)
    assert not any("clock-off" in step["flags"] for step in steps)


def test_every_act_is_applied_and_signed_and_every_chain_is_whole(sample: Loaded) -> None:
    with db.reading(sample.engine) as session:
        points = {device.id: device.public_key for device in session.exec(select(Device))}
        acts = session.exec(select(ActRow).order_by(col(ActRow.device_id), col(ActRow.seq))).all()
        assert session.exec(select(KeptAct)).first() is None
    assert {act.verdict for act in acts} == {"applied"}
    assert not [act.flags for act in acts if "chain" in str(act.flags)]
    assert all(is_signed(points[act.device_id], act.payload, act.signature) for act in acts)
    chains: dict[UUID, list[ActRow]] = {}
    for act in acts:
        if act.seq is not None:
            chains.setdefault(act.device_id, []).append(act)
    for chain in chains.values():
        assert [act.seq for act in chain] == list(range(1, len(chain) + 1))
        assert [act.prev for act in chain] == [None, *(act.pae_sha256 for act in chain[:-1])]
    assert len(acts) > 300


def test_acts_came_in_the_order_of_the_weeks_before_today(sample: Loaded) -> None:
    with db.reading(sample.engine) as session:
        for project_id in session.exec(select(Project.id)):
            numbered = select(ActRow).where(ActRow.project_id == project_id).order_by(col(ActRow.number))
            acts = session.exec(numbered).all()
            assert [act.number for act in acts] == list(range(1, len(acts) + 1))
            story = [act.received_at for act in acts if act.type != "evidence:verified"]
            assert story == sorted(story)
            assert (story[-1] - story[0]).days >= 39
            assert story[-1] <= db.now()


def test_every_balance_closes_and_nothing_is_overdrawn(sample: Loaded) -> None:
    with db.reading(sample.engine) as session:
        lots = session.exec(select(Lot)).all()
    assert len(lots) >= 35
    for lot in lots:
        came, went = (sum((getattr(lot, name) for name in names), Decimal(0)) for names in (INFLOWS, OUTFLOWS))
        assert came == went + lot.on_hand, lot.code
        assert lot.on_hand >= 0
        assert lot.flags == []


def test_a_stair_is_made_of_concrete_and_a_cage_and_a_silo_holds_two_batches(
    tower: dict[str, dict[str, Row]],
) -> None:
    by_id = tower["lot"]
    lots = by_id.values()
    stair = next(lot for lot in lots if lot["serial_no"] == "YZ-LT-001")
    silo = next(lot for lot in lots if lot["kind"] == "mix")
    assert {by_id[id]["material"] for id in stair["parent_ids"]} == {"concrete_readymix_cn", "rebar_cage_cn"}
    assert {by_id[id]["batch_no"] for id in silo["parent_ids"]} == {"DH-PO425-1107", "DH-PO425-1113"}
    assert (stair["kind"], silo["on_hand"], silo["batch_no"]) == ("unit", "22", None)


def test_the_cracked_wall_leads_to_the_bad_truck_its_supplier_and_the_other_elements(
    sample: Loaded, tower: dict[str, dict[str, Row]]
) -> None:
    base = f"/api/projects/{sample.project(state.CODES[0])}/trace"
    crack = _one(tower["defect"], severity="critical")
    bad = next(lot for lot in tower["lot"].values() if lot["status"] == "stopped")
    assert crack["lot_ids"] == [bad["id"]]
    back = sample.get("gu.inspector", base, node=crack["task_id"], kind="task", direction="backward")
    assert bad["id"] in {node["id"] for node in back["nodes"]}
    names = {organization["name_en"] for organization in back["context"]["organizations"]}
    assert {"Tangqiao Ready-mixed Concrete", "Shengang Steel Trading"} <= names
    assert any(test["result"] == "fail" for test in back["context"]["tests"])
    assert back["context"]["files"]
    forward = sample.get("gu.inspector", base, node=bad["id"], kind="lot", direction="forward")
    built = {node["label"].split()[0] for node in forward["nodes"] if node["kind"] == "task"}
    assert built == {"T1-7F-W2", "T1-7F-W3", "T1-7F-C1"}


def test_photos_went_the_way_of_evidence_and_show_upright(sample: Loaded, tower: dict[str, dict[str, Row]]) -> None:
    shown = [tower[kind] for kind in ("step", "lot", "certificate", "defect")]
    files = {f["sha256"]: f for rows in shown for row in rows.values() for f in row["files"]}
    assert Counter(f["status"] for f in files.values()) == {"verified": len(files) - 1, "expected": 1}
    assert len(files) >= 50
    assert all(f["decodable"] for f in files.values() if f["status"] == "verified")
    assert max(f["bytes"] for f in files.values()) <= 250_000
    context = Context(sample.engine, sample.settings, open_store(sample.settings))
    project = sample.project(state.CODES[0])
    claims = [sample.get("wang.pm", f"/api/projects/{project}/files/{sha256}/meta") for sha256 in list(files)[:12]]
    assert any("31.22" in str(claim) for claim in claims)
    assert _oriented(context, project, files) >= {1, 6}


def _oriented(context: Context, project: UUID, files: Mapping[str, Row]) -> set[int]:
    found = set()
    for sha256, file in list(files.items())[:30]:
        if file["status"] == "verified":
            key = f"evidence/{project}/{sha256[:2]}/{sha256}"
            image = Image.open(io.BytesIO(b"".join(context.store.read(key))))
            assert sorted(image.size) == sorted(SIZE)
            found.add(image.getexif()[0x0112])
    return found


def test_derivatives_are_waiting_to_be_made(sample: Loaded) -> None:
    client = jobs._client(sample.engine)
    waiting = client.list_workflows(status="ENQUEUED", queue_name=jobs.QUEUE)
    assert len(waiting) >= 60


def test_it_is_loaded_once_and_a_cut_off_load_says_what_to_do(sample: Loaded) -> None:
    with pytest.raises(SampleThere):
        load(sample.engine, sample.settings)
    with Session(sample.engine) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "_somebody_can_sign_in", lambda _: False)
        with pytest.raises(SampleIncomplete, match="Empty the database"):
            load(sample.engine, sample.settings)
        assert len(session.exec(select(Project.id)).all()) == 2


def test_everybody_printed_can_sign_in_to_their_project(sample: Loaded) -> None:
    seen = {login: sample.get(login, "/api/me")["projects"] for login in sample.sign_ins}
    assert {len(projects) for login, projects in seen.items() if login != "admin"} == {1}
    assert len(seen["admin"]) == 2
    assert all(len(one["password"]) >= 12 and one["role"] for one in sample.sign_ins.values())


def test_drawing_the_sample_again_from_its_acts_differs_in_nothing(sample: Loaded) -> None:
    report = rebuild.check(sample.engine, sample.settings, lambda _: None)
    assert report.is_same, report.lines()
    assert report.acts > 300
